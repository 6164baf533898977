import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

describe('a key-value service that is moved and moved back while it is written and read', () => {
  // How long the pauses are is the benchmark's to judge; here it is what must hold on every machine.
  it('loses no write that it acknowledged', () => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, '../../dist/infra/bench/transfer/kv/bench-pause.js'), '2'], { encoding: 'utf8', timeout: 55_000 });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/met {4}\d{3,} keys were acknowledged, 0 of them lost/);
  });
});
