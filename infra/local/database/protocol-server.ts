import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const SYNC = 'S'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);

/**
 * Lets many clients share one PGlite, which is a single session. A client's messages run as one unit up to its Sync or
 * Query, and a client inside a transaction keeps the session until it ends: else two clients' unnamed statements would
 * overwrite each other. (PGlite's own socket server hands over after every single message.)
 */
export class ProtocolServer {
  private readonly server: Server;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly sockets = new Set<Socket>();

  constructor(private readonly db: PGlite) {
    this.server = createServer((socket) => new Session(socket, this).begin());
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  track(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }

  /** Waits for the session, then keeps it until `work` is done. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work, work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  execute(messages: Buffer): Promise<Uint8Array> {
    return this.db.execProtocolRaw(messages);
  }

  async rollback(): Promise<void> {
    await this.db.exec('ROLLBACK');
  }
}

/** One client's connection. */
class Session {
  private buffer = Buffer.alloc(0);
  private started = false;
  private unit: Buffer[] = [];
  /** Units that wait for their turn; while a transaction is open this client's turn does not end. */
  private readonly units: Buffer[] = [];
  private wake: (() => void) | null = null;
  private running = false;
  private closed = false;

  constructor(
    private readonly socket: Socket,
    private readonly server: ProtocolServer,
  ) {}

  begin(): void {
    this.server.track(this.socket);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.receive(chunk));
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('close', () => {
      this.closed = true;
      this.wake?.();
    });
  }

  private receive(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (let message = this.nextMessage(); message !== null; message = this.nextMessage()) this.take(message);
    if (!this.running && this.units.length > 0) {
      this.running = true;
      void this.server
        .exclusively(() => this.runUnits())
        .catch(() => this.socket.destroy())
        .finally(() => {
          this.running = false;
          if (this.units.length > 0) this.receive(Buffer.alloc(0));
        });
    }
  }

  private nextMessage(): Buffer | null {
    const headerBytes = this.started ? 1 : 0;
    if (this.buffer.length < headerBytes + 4) return null;
    const length = headerBytes + this.buffer.readInt32BE(headerBytes);
    if (length < headerBytes + 4 || length > 1 << 28) {
      this.socket.destroy();
      return null;
    }
    if (this.buffer.length < length) return null;
    const message = this.buffer.subarray(0, length);
    this.buffer = this.buffer.subarray(length);
    return message;
  }

  private take(message: Buffer): void {
    if (!this.started) {
      const code = message.length >= 8 ? message.readInt32BE(4) : 0;
      if (code === SSL_REQUEST || code === GSS_REQUEST) {
        this.socket.write('N');
        return;
      }
      if (code === CANCEL_REQUEST) {
        this.socket.destroy();
        return;
      }
      this.started = true;
      this.enqueue([message]);
      return;
    }
    const type = message[0];
    if (type === TERMINATE) {
      this.socket.end();
      return;
    }
    this.unit.push(message);
    if (type === SYNC || type === QUERY) {
      this.enqueue(this.unit);
      this.unit = [];
    }
  }

  private enqueue(messages: readonly Buffer[]): void {
    this.units.push(Buffer.concat(messages));
    this.wake?.();
  }

  private async runUnits(): Promise<void> {
    let inTransaction = false;
    while (!this.closed || inTransaction) {
      const unit = this.units.shift();
      if (unit === undefined) {
        if (!inTransaction) return;
        if (this.closed) {
          await this.server.rollback();
          return;
        }
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = null;
        continue;
      }
      const answer = await this.server.execute(unit);
      if (!this.closed) this.socket.write(answer);
      inTransaction = endsInTransaction(answer, inTransaction);
    }
  }
}

/** The last ReadyForQuery says whether the session is idle or inside a transaction. */
function endsInTransaction(answer: Uint8Array, before: boolean): boolean {
  const at = answer.length - 6;
  if (at < 0 || answer[at] !== READY_FOR_QUERY) return before;
  return answer[at + 5] !== IDLE;
}
