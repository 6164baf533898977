/** Buffers of one size, used again: the garbage collector would otherwise run for every few of them. */
export class BufferPool {
  private readonly free: Buffer[] = [];

  /** @param most buffers that are kept while nobody uses them */
  constructor(
    private readonly bytes: number,
    private readonly most: number,
  ) {}

  /** A buffer with any content. */
  take(): Buffer {
    return this.free.pop() ?? Buffer.allocUnsafeSlow(this.bytes);
  }

  /** Gives a buffer back that nobody reads any more. One that was taken elsewhere is let go. */
  give(buffer: Buffer): void {
    const whole = buffer.byteLength === this.bytes ? buffer : Buffer.from(buffer.buffer, 0, buffer.buffer.byteLength);
    if (whole.byteLength === this.bytes && this.free.length < this.most) this.free.push(whole);
  }
}
