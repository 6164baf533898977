import { sha256 } from '../digest';
import { MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES } from '../limits';

/** What travels: a header, which is JSON, and bytes. */
export interface Frame {
  readonly header: unknown;
  readonly payload: Buffer;
}

/** The peer sent what is no frame, or one that was damaged on the way. The connection is of no use any more. */
export class WireError extends Error {}

const PREFIX_BYTES = 16;
const CHECK_BYTES = 8;

/**
 * Puts a frame together: length of the header and of the payload (each 4 bytes, little-endian), the first 8 bytes of the SHA-256 of
 * those lengths and the header, the header, the payload. What the payload is, the header says with a digest of its own.
 */
export function encodeFrame(header: object, payload: readonly Buffer[]): Buffer[] {
  const json = Buffer.from(JSON.stringify(header));
  const payloadBytes = payload.reduce((sum, { length }) => sum + length, 0);
  if (json.length > MAX_HEADER_BYTES || payloadBytes > MAX_PAYLOAD_BYTES) throw new WireError(`a frame of ${json.length} and ${payloadBytes} bytes is too long to send`);
  const head = Buffer.allocUnsafe(PREFIX_BYTES + json.length);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(payloadBytes, 4);
  json.copy(head, PREFIX_BYTES);
  checkOf(head.subarray(0, 8), json).copy(head, 8);
  return [head, ...payload];
}

/** The frames of a stream, one by one as they are asked for. Throws a WireError at the first thing that is none, and where the stream ends within one. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame, void, void> {
  const source = new ByteSource(stream[Symbol.asyncIterator]());
  for (let prefix = await source.read(PREFIX_BYTES, true); prefix !== null; prefix = await source.read(PREFIX_BYTES, true)) {
    const headerBytes = prefix.readUInt32LE(0);
    const payloadBytes = prefix.readUInt32LE(4);
    if (headerBytes > MAX_HEADER_BYTES || payloadBytes > MAX_PAYLOAD_BYTES) throw new WireError(`a frame of ${headerBytes} and ${payloadBytes} bytes is too long`);
    const json = (await source.read(headerBytes, false)) as Buffer;
    if (!checkOf(prefix.subarray(0, 8), json).equals(prefix.subarray(8))) throw new WireError('a frame was damaged on its way');
    yield { header: parse(json), payload: (await source.read(payloadBytes, false)) as Buffer };
  }
}

function checkOf(lengths: Buffer, json: Buffer): Buffer {
  return sha256(Buffer.concat([lengths, json])).subarray(0, CHECK_BYTES);
}

function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    throw new WireError("a frame's header is no JSON");
  }
}

/** Exact numbers of bytes out of a stream's pieces, copied once. */
class ByteSource {
  private piece: Buffer = Buffer.alloc(0);

  constructor(private readonly pieces: AsyncIterator<Buffer>) {}

  /** Null where the stream ends before the first byte and may. */
  async read(bytes: number, mayEnd: boolean): Promise<Buffer | null> {
    const whole = Buffer.allocUnsafe(bytes);
    let filled = 0;
    while (filled < bytes) {
      if (this.piece.length === 0) {
        const next = await this.pieces.next();
        if (next.done === true) {
          if (mayEnd && filled === 0) return null;
          throw new WireError('the connection ended within a frame');
        }
        this.piece = next.value;
      }
      const copied = this.piece.copy(whole, filled);
      this.piece = this.piece.subarray(copied);
      filled += copied;
    }
    return whole;
  }
}
