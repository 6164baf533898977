import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { MAX_PAYLOAD_BYTES } from '../limits';
import { BufferPool } from './buffer-pool';
import { encodeFrame, type Frame, readFrames } from './frame';
import { RateLimit } from './rate-limit';
import { WireError } from './wire-error';

const STILL_THERE = { kind: 'stillThere' };
const STILL_THERE_EVERY_MS = 5_000;
const SILENCE_MS = 30_000;

/** One side of a connection: frames in both directions. */
export class Channel {
  private readonly frames: AsyncGenerator<Frame, void, void>;
  private readonly pool = new BufferPool(MAX_PAYLOAD_BYTES, 4);
  private failure: Error | null = null;
  private heardAtMs = performance.now();
  /** Bytes of frames sent and received, without what TLS adds. */
  sentBytes = 0;

  constructor(
    private readonly stream: Duplex,
    private readonly limit: RateLimit = new RateLimit(null),
  ) {
    stream.on('error', (error) => (this.failure ??= new WireError(`the connection was lost: ${error.message}`)));
    stream.on('close', () => (this.failure ??= new WireError('the connection was closed')));
    this.frames = this.spoken(readFrames(stream, this.pool));
  }

  /**
   * Sends a frame. Returns when the stream takes more, so that a slow peer slows the caller; throws once the connection is gone.
   *
   * @param onWritten called when the payload's buffers are not read any more
   */
  async send(header: object, payload: readonly Buffer[] = [], onWritten: () => void = () => undefined): Promise<void> {
    const pieces = encodeFrame(header, payload);
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    await this.limit.pass(bytes);
    if (this.failure !== null) throw this.failure;
    this.sentBytes += bytes;
    // Not corked: TLS would copy all that it is given at once into one piece first.
    const free = pieces.map((piece, i) => this.stream.write(piece, i === pieces.length - 1 ? onWritten : undefined)).at(-1);
    if (free === false) await this.drained();
  }

  /** Says every few seconds that this side is there, and ends the connection once nothing was heard of the peer for half a minute: a dropped link sends no farewell. */
  keepAlive(): void {
    const timer = setInterval(() => {
      if (performance.now() - this.heardAtMs > SILENCE_MS) this.stream.destroy(new WireError(`nothing was heard of the peer for ${SILENCE_MS / 1000} s`));
      else this.send(STILL_THERE).catch(() => undefined);
    }, STILL_THERE_EVERY_MS);
    this.stream.once('close', () => clearInterval(timer));
  }

  /** The peer's next frame; throws where there is none any more. */
  async receive(): Promise<Frame> {
    const next = await this.frames.next();
    if (next.done === true) throw this.failure ?? new WireError('the peer has closed the connection');
    return next.value;
  }

  /** Tells that the frame's payload is not read any more. */
  release({ payload }: Frame): void {
    this.pool.give(payload);
  }

  /** The peer's frames until it closes. */
  all(): AsyncGenerator<Frame, void, void> {
    return this.frames;
  }

  /** Ends the connection at once. */
  close(): void {
    this.stream.destroy();
  }

  private async *spoken(frames: AsyncGenerator<Frame, void, void>): AsyncGenerator<Frame, void, void> {
    for await (const frame of frames) {
      this.heardAtMs = performance.now();
      if ((frame.header as { kind?: unknown } | null)?.kind !== STILL_THERE.kind) yield frame;
    }
  }

  private async drained(): Promise<void> {
    const ended = new AbortController();
    try {
      await Promise.race([once(this.stream, 'drain', { signal: ended.signal }), once(this.stream, 'close', { signal: ended.signal })]);
    } catch {
      // An error of the stream is told below, in this module's words.
    } finally {
      ended.abort();
    }
    if (this.failure !== null) throw this.failure;
  }
}
