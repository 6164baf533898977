import type { Readable } from 'node:stream';
import type { BufferPool } from './buffer-pool';
import { WireError } from './wire-error';

/** What is held for whoever reads next; then the stream waits. */
const MOST_HELD_BYTES = 1024 * 1024;

/** Exact numbers of bytes out of a stream's pieces, copied once. The pieces are taken as they come: asking for each, as an iteration of the stream does, costs as much as all else that is done to them. */
export class ByteSource {
  private readonly pieces: Buffer[] = [];
  private held = 0;
  /** Null: the peer has closed in order. */
  private ended: { readonly error: Error | null } | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly stream: Readable) {
    stream.on('data', (piece: Buffer) => {
      this.pieces.push(piece);
      this.held += piece.length;
      if (this.held > MOST_HELD_BYTES) stream.pause();
      this.wake();
    });
    stream.once('end', () => this.end(null));
    stream.once('error', (error) => this.end(error));
    stream.once('close', () => this.end(new Error('it was closed')));
    if (stream.closed) this.end(stream.errored ?? new Error('it was closed'));
  }

  /** Null where the stream ends before the first byte and may. Throws a WireError where it ends elsewhere, or was lost. */
  async read(bytes: number, mayEnd: boolean, pool: BufferPool | null = null): Promise<Buffer | null> {
    const whole = pool === null ? Buffer.allocUnsafe(bytes) : pool.take().subarray(0, bytes);
    let filled = 0;
    while (filled < bytes) {
      const piece = this.pieces[0];
      if (piece !== undefined) filled += this.take(piece, whole, filled);
      else if (this.ended === null) await new Promise<void>((resolve) => (this.wake = resolve));
      else if (this.ended.error !== null) throw new WireError(`the connection was lost: ${this.ended.error.message}`);
      else if (mayEnd && filled === 0) return null;
      else throw new WireError('the connection ended within a frame');
    }
    return whole;
  }

  private take(piece: Buffer, whole: Buffer, filled: number): number {
    const copied = piece.copy(whole, filled);
    this.held -= copied;
    if (copied === piece.length) this.pieces.shift();
    else this.pieces[0] = piece.subarray(copied);
    if (this.held < MOST_HELD_BYTES / 2 && this.stream.isPaused()) this.stream.resume();
    return copied;
  }

  private end(error: Error | null): void {
    this.ended ??= { error };
    this.wake();
  }
}
