import type { Readable } from 'node:stream';
import { sha256 } from '../digest';
import { MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES } from '../limits';
import type { BufferPool } from './buffer-pool';
import { ByteSource } from './byte-source';
import { WireError } from './wire-error';

/** What travels: a header, which is JSON, and bytes. */
export interface Frame {
  readonly header: unknown;
  readonly payload: Buffer;
}

const PREFIX_BYTES = 20;
const LENGTHS_CHECK_BYTES = 4;
const HEADER_CHECK_BYTES = 8;
const POOLED_BYTES = 64 * 1024;

/**
 * Puts a frame together: length of the header and of the payload (each 4 bytes, little-endian), the first 4 bytes of the SHA-256 of these, the
 * first 8 bytes of the SHA-256 of the header, the header, the payload. What the payload is, the header says with a digest of its own.
 */
export function encodeFrame(header: object, payload: readonly Buffer[]): Buffer[] {
  const json = Buffer.from(JSON.stringify(header));
  const payloadBytes = payload.reduce((sum, { length }) => sum + length, 0);
  if (json.length > MAX_HEADER_BYTES || payloadBytes > MAX_PAYLOAD_BYTES) throw new WireError(`a frame of ${json.length} and ${payloadBytes} bytes is too long to send`);
  const head = Buffer.allocUnsafe(PREFIX_BYTES + json.length);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(payloadBytes, 4);
  json.copy(head, PREFIX_BYTES);
  sha256(head.subarray(0, 8)).copy(head, 8, 0, LENGTHS_CHECK_BYTES);
  sha256(json).copy(head, 12, 0, HEADER_CHECK_BYTES);
  return [head, ...payload];
}

/**
 * The frames of a stream, one by one as they are asked for. Throws a WireError at the first thing that is none, and where the stream ends within one.
 *
 * @param pool where payloads of some length are taken from; buffers of at least MAX_PAYLOAD_BYTES
 */
export async function* readFrames(stream: Readable, pool: BufferPool): AsyncGenerator<Frame, void, void> {
  const source = new ByteSource(stream);
  for (let prefix = await source.read(PREFIX_BYTES, true); prefix !== null; prefix = await source.read(PREFIX_BYTES, true)) {
    const headerBytes = prefix.readUInt32LE(0);
    const payloadBytes = prefix.readUInt32LE(4);
    if (!begins(sha256(prefix.subarray(0, 8)), prefix.subarray(8, 12))) throw new WireError('the length of a frame was damaged on its way');
    if (headerBytes > MAX_HEADER_BYTES || payloadBytes > MAX_PAYLOAD_BYTES) throw new WireError(`a frame of ${headerBytes} and ${payloadBytes} bytes is too long`);
    const json = (await source.read(headerBytes, false)) as Buffer;
    if (!begins(sha256(json), prefix.subarray(12))) throw new WireError('a frame was damaged on its way');
    yield { header: parse(json), payload: (await source.read(payloadBytes, false, payloadBytes < POOLED_BYTES ? null : pool)) as Buffer };
  }
}

function begins(digest: Buffer, check: Buffer): boolean {
  return digest.subarray(0, check.length).equals(check);
}

function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    throw new WireError("a frame's header is no JSON");
  }
}
