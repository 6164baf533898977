import { Duplex } from 'node:stream';

/** What happens to a piece on its way; null cuts the connection before it. */
export type OnTheWay = (piece: Buffer) => Buffer | null;

class End extends Duplex {
  peer!: End;

  constructor(private readonly onTheWay: OnTheWay) {
    super({ allowHalfOpen: false });
  }

  override _write(piece: Buffer, _: string, done: (error?: Error | null) => void): void {
    const arrived = this.onTheWay(Buffer.from(piece));
    if (arrived === null) {
      this.peer.destroy(new Error('the link was cut'));
      this.destroy(new Error('the link was cut'));
      return done();
    }
    if (this.peer.destroyed || this.peer.push(arrived)) return done();
    this.peer.resume_ = done;
  }

  override _read(): void {
    const { resume_ } = this;
    this.resume_ = undefined;
    resume_?.();
  }

  override _final(done: () => void): void {
    if (!this.peer.destroyed) this.peer.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.peer.destroyed) setImmediate(() => this.peer.destroy());
    this.resume_?.();
    done(error);
  }

  resume_: (() => void) | undefined;
}

/** Two ends of a connection in memory, with back-pressure. */
export function wirePair(toReceiver: OnTheWay = (piece) => piece, toSender: OnTheWay = (piece) => piece): { readonly sender: Duplex; readonly receiver: Duplex } {
  const sender = new End(toReceiver);
  const receiver = new End(toSender);
  sender.peer = receiver;
  receiver.peer = sender;
  return { sender, receiver };
}

/** Changes one byte of all that passes. */
export function flipByteAt(position: number): OnTheWay {
  let passed = 0;
  return (piece) => {
    const at = position - passed;
    passed += piece.length;
    if (at >= 0 && at < piece.length) piece[at] = (piece[at] as number) ^ 0x10;
    return piece;
  };
}

/** Lets that many bytes pass. */
export function cutAfter(bytes: number): OnTheWay {
  let passed = 0;
  return (piece) => ((passed += piece.length) > bytes ? null : piece);
}
