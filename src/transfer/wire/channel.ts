import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { encodeFrame, type Frame, readFrames, WireError } from './frame';
import { RateLimit } from './rate-limit';

/** One side of a connection: frames in both directions. */
export class Channel {
  private readonly frames: AsyncGenerator<Frame, void, void>;
  private failure: Error | null = null;
  /** Bytes of frames sent and received, without what TLS adds. */
  sentBytes = 0;

  constructor(
    private readonly stream: Duplex,
    private readonly limit: RateLimit = new RateLimit(null),
  ) {
    stream.on('error', (error) => (this.failure ??= error));
    stream.on('close', () => (this.failure ??= new WireError('the connection was closed')));
    this.frames = readFrames(stream);
  }

  /** Sends a frame. Returns when the stream takes more, so that a slow peer slows the caller; throws once the connection is gone. */
  async send(header: object, payload: readonly Buffer[] = []): Promise<void> {
    const pieces = encodeFrame(header, payload);
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    await this.limit.pass(bytes);
    if (this.failure !== null) throw this.failure;
    this.sentBytes += bytes;
    this.stream.cork();
    const free = pieces.map((piece) => this.stream.write(piece)).at(-1);
    this.stream.uncork();
    if (free === false) await this.drained();
  }

  /** The peer's next frame; throws where there is none any more. */
  async receive(): Promise<Frame> {
    const next = await this.frames.next();
    if (next.done === true) throw this.failure ?? new WireError('the peer has closed the connection');
    return next.value;
  }

  /** The peer's frames until it closes. */
  all(): AsyncGenerator<Frame, void, void> {
    return this.frames;
  }

  /** Ends the connection at once. */
  close(): void {
    this.stream.destroy();
  }

  private async drained(): Promise<void> {
    const ended = new AbortController();
    try {
      await Promise.race([once(this.stream, 'drain', { signal: ended.signal }), once(this.stream, 'close', { signal: ended.signal })]);
    } finally {
      ended.abort();
    }
    if (this.failure !== null) throw this.failure;
  }
}
