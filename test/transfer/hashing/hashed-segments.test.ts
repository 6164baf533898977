import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBlocks } from '../../../src/transfer/chunks/hash-blocks';
import { hashedSegments } from '../../../src/transfer/hashing/hashed-segments';

describe('a file that is read and hashed in threads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foreshift-hashing-'));
  const content = randomBytes(9_500_000);
  const file = join(folder, 'file');
  writeFileSync(file, content);
  const fd = openSync(file, 'r');
  afterAll(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  async function read(bytes: number, blockBytes: number): Promise<{ readonly data: Buffer; readonly digests: Buffer }> {
    const [data, digests] = [[] as Buffer[], [] as Buffer[]];
    for await (const segment of hashedSegments(fd, bytes, blockBytes)) {
      data.push(Buffer.from(segment.data));
      digests.push(Buffer.from(segment.digests));
    }
    return { data: Buffer.concat(data), digests: Buffer.concat(digests) };
  }

  it.each([4_096, 12_288, 2_097_152])('comes in order, with the digests of its blocks of %d bytes', async (blockBytes) => {
    const { data, digests } = await read(content.length, blockBytes);
    expect(data.equals(content)).toBe(true);
    expect(digests.equals(hashBlocks(content, blockBytes))).toBe(true);
  });

  it('ends where it ends by then, and where no more of it is asked for', async () => {
    expect((await read(2 * content.length, 4_096)).data.length).toBe(content.length);
    expect((await read(5_000, 4_096)).data.equals(content.subarray(0, 5_000))).toBe(true);
    expect((await read(0, 4_096)).data.length).toBe(0);
  });

  it('tells why it cannot be read', async () => {
    const directory = openSync(folder, 'r');
    await expect(hashedSegments(directory, 5_000_000, 4_096).next()).rejects.toMatchObject({ code: 'EISDIR' });
    closeSync(directory);
  });
});
