import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoorMemory } from '../../../src/transfer/front-door/door-memory';

describe('what a door remembers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'door-'));
  const file = join(folder, 'door.json');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['', '{"instanceId":"i-1"', '{"instanceId":"i-1"}', `${'['.repeat(50_000)}`])('is refused by the name of its file where it is %j', (text) => {
    writeFileSync(file, text);
    expect(() => new DoorMemory(file, 'i-1').read()).toThrow(`${file}: expected what a door has written there`);
  });
});
