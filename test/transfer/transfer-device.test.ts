import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { TwoSides } from './two-sides';

const MiB = 1024 * 1024;

// An image in a file stands for the device: making a block device needs rights that a test does not have.
describe('transferring a device', () => {
  let sides: TwoSides;

  beforeEach(() => {
    sides = new TwoSides();
    rmSync(sides.source, { recursive: true });
    rmSync(sides.shadow, { recursive: true });
  });
  afterEach(() => sides.remove());

  function write(at: number, data: Buffer): void {
    const fd = openSync(sides.source, 'r+');
    writeSync(fd, data, 0, data.length, at);
    closeSync(fd);
  }

  it('writes blocks that differ in place, and zeros over what a used device has where the source has none', async () => {
    writeFileSync(sides.source, Buffer.concat([randomBytes(MiB), Buffer.alloc(2 * MiB), randomBytes(MiB)]));
    writeFileSync(sides.shadow, randomBytes(4 * MiB));
    const { ino } = statSync(sides.shadow);
    expect((await sides.round()).literalBytes).toBe(2 * MiB);
    expect(readFileSync(sides.shadow).equals(readFileSync(sides.source))).toBe(true);
    write(MiB + 4_096, Buffer.from('one page'));
    const second = await sides.round();
    expect(second).toMatchObject({ literalBytes: 4_096, root: expect.any(String) });
    expect(readFileSync(sides.shadow).equals(readFileSync(sides.source))).toBe(true);
    expect(statSync(sides.shadow).ino).toBe(ino);
  });

  it('sends only what differs to a device that was made from a snapshot', async () => {
    writeFileSync(sides.source, randomBytes(3 * MiB));
    writeFileSync(sides.shadow, readFileSync(sides.source));
    write(8_192, Buffer.from('since the snapshot'));
    expect((await sides.round()).literalBytes).toBe(4_096);
    expect(readFileSync(sides.shadow).equals(readFileSync(sides.source))).toBe(true);
  });

  it('is found damaged by reading again, and set right', async () => {
    writeFileSync(sides.source, randomBytes(MiB));
    writeFileSync(sides.shadow, Buffer.alloc(MiB));
    await sides.round();
    const damaged = readFileSync(sides.shadow);
    damaged[70_000] = (damaged[70_000] as number) ^ 1;
    writeFileSync(sides.shadow, damaged);
    const session = await sides.connect();
    expect((await session.verify()).differing).toEqual(['device']);
    expect((await session.round()).literalBytes).toBe(4_096);
    expect(readFileSync(sides.shadow).equals(readFileSync(sides.source))).toBe(true);
  });
});
