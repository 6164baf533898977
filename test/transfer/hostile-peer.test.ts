import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { sha256Hex } from '../../src/transfer/digest';
import { WIRE_VERSION } from '../../src/transfer/limits';
import { StateFolder } from '../../src/transfer/manifest/state-folder';
import { ReceivedRound } from '../../src/transfer/receive/received-round';
import { receiveFrom } from '../../src/transfer/receive/receiver';
import type { Act } from '../../src/transfer/wire/acts';
import { BufferPool } from '../../src/transfer/wire/buffer-pool';
import { Channel } from '../../src/transfer/wire/channel';
import { encodeFrame, readFrames } from '../../src/transfer/wire/frame';
import { unpack } from '../../src/transfer/wire/packing';
import { WireError } from '../../src/transfer/wire/wire-error';
import { TwoSides } from './two-sides';
import { wirePair } from './wire-pair';

const attributes = { mode: 0o644, uid: 0, gid: 0, mtimeUs: 0 };
const put = (path: string, text: string): Act => ({ act: 'put', entry: { kind: 'file', path, attributes, bytes: text.length, chunking: 'whole', content: sha256Hex(Buffer.from(text)) } });

describe('a peer that means harm', () => {
  let sides: TwoSides;
  beforeEach(() => {
    sides = new TwoSides();
    mkdirSync(join(sides.folder, 'outside'));
    writeFileSync(join(sides.folder, 'outside/secret'), 'untouched');
  });
  afterEach(() => sides.remove());

  async function carryOut(acts: readonly Act[], data: string): Promise<void> {
    const round = new ReceivedRound(sides.shadow, new StateFolder(sides.shadowState), 1);
    try {
      await round.apply(acts, Buffer.from(data));
    } finally {
      round.breakOff();
    }
  }

  it.each([['../outside/secret'], ['/etc/passwd'], ['a/../../outside/secret'], ['./a'], ['a//b'], ['a\0b'], ['..'], ['.'], ['x'.repeat(300)], ['a\u{1F600}']])('writes nothing to %j', async (path) => {
    mkdirSync(join(sides.shadow, 'a'));
    for (const act of [put(path, 'harm'), { act: 'delete', path }, { act: 'open', path, chunking: 4_096, fresh: true }] as const) {
      await expect(carryOut([act], act.act === 'put' ? 'harm' : '')).rejects.toThrow(WireError);
    }
    expect(readFileSync(join(sides.folder, 'outside/secret'), 'utf8')).toBe('untouched');
  });

  it('writes nothing through a symbolic link, neither one that was there nor one that it sent itself', async () => {
    symlinkSync('../outside', join(sides.shadow, 'way'));
    await expect(carryOut([put('way/secret', 'harm')], 'harm')).rejects.toThrow('nothing is written through it');
    await expect(carryOut([{ act: 'delete', path: 'way/secret' }], '')).rejects.toThrow('nothing is written through it');
    const link: Act = { act: 'set', entry: { kind: 'symlink', path: 'own', attributes, target: '../outside' } };
    await expect(carryOut([link, put('own/secret', 'harm')], 'harm')).rejects.toThrow('nothing is written through it');
    await expect(carryOut([{ act: 'set', entry: { kind: 'link', path: 'hard', to: 'way/secret' } }], '')).rejects.toThrow('nothing is written through it');
    expect(readFileSync(join(sides.folder, 'outside/secret'), 'utf8')).toBe('untouched');
  });

  it('replaces a link that stands where a file is sent, and leaves what it leads to alone', async () => {
    symlinkSync('../outside/secret', join(sides.shadow, 'file'));
    await carryOut([put('file', 'new')], 'new');
    expect(readFileSync(join(sides.shadow, 'file'), 'utf8')).toBe('new');
    expect(readFileSync(join(sides.folder, 'outside/secret'), 'utf8')).toBe('untouched');
  });

  it('refuses acts that do not belong together', async () => {
    await expect(carryOut([{ act: 'blocks', runs: [0, 4], digest: sha256Hex(Buffer.alloc(0)) }], 'data')).rejects.toThrow('no file is open');
    await expect(carryOut([put('b', 'x'), put('a', 'y')], 'xy')).rejects.toThrow('out of order');
    await expect(carryOut([put('a', 'xyz')], 'xy')).rejects.toThrow('less data');
    await expect(carryOut([put('a', 'x')], 'xy')).rejects.toThrow('more data');
    await expect(carryOut([{ act: 'open', path: 'a', chunking: 4_096, fresh: true }, { act: 'blocks', runs: [2 ** 50, 4], digest: sha256Hex(Buffer.alloc(0)) }], 'data')).rejects.toThrow(WireError);
  });

  it('is told what is wrong and turned away, whatever bytes it sends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, framed) => {
        const { sender, receiver } = wirePair();
        const served = receiveFrom(new Channel(receiver), { root: sides.shadow, state: new StateFolder(sides.shadowState), refusal: () => null, onRehearse: async () => undefined, onRelease: async () => undefined });
        if (framed) for (const piece of encodeFrame({ kind: 'hello', version: WIRE_VERSION }, [])) sender.write(piece);
        sender.end(Buffer.from(bytes));
        sender.resume();
        await served;
      }),
      { numRuns: 60 },
    );
    expect(readdirSync(sides.shadow)).toEqual([]);
    expect(existsSync(join(sides.folder, 'outside/secret'))).toBe(true);
  });

  it('cannot make anything long of a few bytes', async () => {
    const long = Buffer.alloc(20);
    long.writeUInt32LE(0xffff_ffff, 0);
    await expect(readFrames(Readable.from([long]), new BufferPool(1, 1)).next()).rejects.toThrow(WireError);
    // A zstd frame of 2,000 blocks that each repeat one byte 128 KiB times: 250 MiB out of 8 kB.
    const block = Buffer.from([0, 0, 0x10 | 0, 0]);
    block.writeUIntLE((131_072 << 3) | 2, 0, 3);
    const bomb = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), ...Array.from({ length: 2_000 }, () => block), Buffer.from([1, 0, 0])]);
    await expect(unpack(bomb, 1_000)).rejects.toThrow('than there is room for');
  });

  it('reads back every frame that was put together, however it was cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.jsonValue(), fc.uint8Array({ maxLength: 200 })), { maxLength: 5 }), fc.integer({ min: 1, max: 64 }), async (frames, pieceBytes) => {
        const stream = new PassThrough();
        const bytes = Buffer.concat(frames.flatMap(([value, payload]) => encodeFrame({ value }, [Buffer.from(payload)])));
        for (let at = 0; at < bytes.length; at += pieceBytes) stream.write(bytes.subarray(at, at + pieceBytes));
        stream.end();
        const read: unknown[] = [];
        for await (const { header, payload } of readFrames(stream, new BufferPool(1, 1))) read.push([(header as { value: unknown }).value, [...payload]]);
        expect(read).toEqual(frames.map(([value, payload]) => [JSON.parse(JSON.stringify(value)) as unknown, [...payload]]));
      }),
      { numRuns: 30 },
    );
  });
});
