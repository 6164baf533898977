import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, closeSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, unlinkSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_RULES } from '../../src/domain/transfer/selection';
import { picture, TwoSides } from './two-sides';

const MiB = 1024 * 1024;

describe('transferring a tree', () => {
  let sides: TwoSides;
  const at = (path: string): string => join(sides.source, path);

  beforeEach(() => {
    sides = new TwoSides();
  });
  afterEach(() => sides.remove());

  function fill(): void {
    mkdirSync(at('folder/deep'), { recursive: true });
    mkdirSync(at('empty'), { mode: 0o750 });
    writeFileSync(at('folder/small'), 'a few words', { mode: 0o640 });
    writeFileSync(at('folder/none'), '');
    writeFileSync(at('folder/deep/middling'), randomBytes(900_000), { mode: 0o600 });
    writeFileSync(at('large'), randomBytes(33 * MiB));
    writeFileSync(Buffer.from(`${sides.source}/na\xefve \xff`, 'latin1'), 'a name that is no UTF-8');
    symlinkSync('../large', at('folder/to-large'));
    symlinkSync('/nowhere', at('dangling'));
    linkSync(at('folder/small'), at('folder/small-too'));
    chmodSync(at('folder/small'), 0o4711);
    utimesSync(at('folder/none'), 1_000_000_000.123456, 1_000_000_000.123456);
  }

  it('copies files of every size, folders, symbolic and hard links, permissions, times and names that are no text', async () => {
    fill();
    const first = await sides.round();
    expect(first.root).toMatch(/^[0-9a-f]{64}$/);
    expect(picture(sides.shadow)).toEqual(picture(sides.source));
    const second = await sides.round();
    expect(second).toMatchObject({ root: first.root, literalBytes: 0, readBytes: expect.any(Number) });
  });

  it('reads again only what looks different, and sends only blocks that differ', async () => {
    fill();
    await settled();
    await sides.round();
    const fd = openSync(at('large'), 'r+');
    for (const block of [3, 4, 4_000, 8_000]) writeSync(fd, Buffer.from('changed'), 0, 7, block * 4_096 + 100);
    closeSync(fd);
    const { readBytes, literalBytes, changedEntries } = await sides.round();
    expect({ readBytes, literalBytes, changedEntries }).toEqual({ readBytes: 33 * MiB, literalBytes: 4 * 4_096, changedEntries: 1 });
    expect(picture(sides.shadow)).toEqual(picture(sides.source));
  });

  it('moves no later chunk when bytes are put into the middle of a file, or in front of it', async () => {
    fill();
    await sides.round();
    const before = readFileSync(at('folder/deep/middling'));
    writeFileSync(at('folder/deep/middling'), Buffer.concat([Buffer.from('in front'), before.subarray(0, 400_000), Buffer.from('in the middle'), before.subarray(400_000)]));
    const { literalBytes } = await sides.round();
    expect(literalBytes).toBeGreaterThan(0);
    expect(literalBytes).toBeLessThan(4 * 65_536);
    expect(picture(sides.shadow)).toEqual(picture(sides.source));
  });

  it('follows growing, shrinking, removing, renaming, changes of kind, and links that part', async () => {
    fill();
    await sides.round();
    appendFileSync(at('large'), randomBytes(10_000));
    truncateSync(at('folder/deep/middling'), 100_000);
    rmSync(at('empty'), { recursive: true });
    writeFileSync(at('empty'), 'a file now');
    unlinkSync(at('dangling'));
    mkdirSync(at('dangling'));
    writeFileSync(at('dangling/inside'), 'x');
    renameSync(at('folder/none'), at('folder/renamed'));
    unlinkSync(at('folder/small-too'));
    writeFileSync(at('folder/small-too'), 'a file of its own');
    await sides.round();
    expect(picture(sides.shadow)).toEqual(picture(sides.source));
    truncateSync(at('large'), 32 * MiB + 5_000);
    writeFileSync(at('folder/small'), 'other words');
    linkSync(at('folder/small'), at('folder/again'));
    chmodSync(at('folder'), 0o700);
    rmSync(at('dangling'), { recursive: true });
    symlinkSync('folder', at('dangling'));
    await sides.round();
    expect(picture(sides.shadow)).toEqual(picture(sides.source));
  });

  it('sends a change through one name of a file to all of its names', async () => {
    writeFileSync(at('a'), 'one');
    linkSync(at('a'), at('b'));
    await sides.round();
    writeFileSync(at('b'), 'two');
    await sides.round();
    expect(picture(sides.shadow)).toEqual(picture(sides.source));
  });

  it('leaves holes as holes', async () => {
    writeFileSync(at('sparse'), 'start');
    truncateSync(at('sparse'), 64 * MiB);
    const { wireBytes } = await sides.round();
    expect(wireBytes).toBeLessThan(20_000);
    const { size, blocks } = statSync(join(sides.shadow, 'sparse'));
    expect(size).toBe(64 * MiB);
    expect(blocks * 512).toBeLessThan(MiB);
    expect(readFileSync(join(sides.shadow, 'sparse')).equals(readFileSync(at('sparse')))).toBe(true);
  });

  it('sends nothing of what the shadow has already, made from an image of the source', async () => {
    fill();
    for (const [from, to] of [['large', 'large'], ['folder/deep/middling', 'elsewhere']] as const) writeFileSync(join(sides.shadow, to), readFileSync(at(from)));
    const { literalBytes } = await sides.round();
    expect(literalBytes).toBeLessThan(MiB);
    expect(picture(sides.shadow)).toEqual(picture(sides.source));
  });

  it('finds what was changed at the shadow behind its back, sends it again, and reads everything in its paranoid mode', async () => {
    writeFileSync(at('quiet'), 'before');
    await sides.round();
    writeFileSync(join(sides.shadow, 'quiet'), 'brokee');
    const session = await sides.connect();
    expect(await session.verify()).toEqual({ bytes: 6, differing: ['quiet'] });
    const { readBytes } = await session.round(true);
    expect(readBytes).toBe(6);
    expect(readFileSync(join(sides.shadow, 'quiet'), 'utf8')).toBe('before');
  });

  it('skips what a resume does not need, tells each with its reason, and leaves it alone at the shadow', async () => {
    await sides.remove();
    sides = new TwoSides(DEFAULT_RULES);
    for (const folder of ['.cache', 'tmp', 'tagged', 'data/tmp']) mkdirSync(at(folder), { recursive: true });
    for (const file of ['.cache/a', 'tmp/b', 'tagged/c', 'app.log', 'app.log.1', 'server.pid', 'data/tmp/kept']) writeFileSync(at(file), file);
    writeFileSync(at('tagged/CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55\n');
    writeFileSync(join(sides.shadow, 'server.pid'), '4711');
    await sides.round();
    expect(Object.keys(picture(sides.shadow))).toEqual(['app.log', 'data', 'data/tmp', 'data/tmp/kept', 'server.pid', 'tagged', 'tmp']);
    expect(readFileSync(join(sides.shadow, 'server.pid'), 'utf8')).toBe('4711');
  });

  it('hands over what was committed, and nothing else', async () => {
    const session = await sides.connect();
    await expect(session.release()).rejects.toThrow('nothing was committed');
    await session.round();
    await session.release();
    expect(sides.released).toBe(1);
  });

  // A file that was written just now is read again in the next round, whatever it looks like.
  async function settled(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 70));
  }
});
