import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Door, FrontDoorState, Upstream } from './door';
import { passOn } from './pass-on';
import { WaitingRoom } from './waiting-room';

export interface FrontDoorOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly upstream: Upstream;
  /** More requests than this are not kept waiting; they are told to come again. */
  readonly mostHeld: number;
  /** Nor is any of them longer than this. */
  readonly holdAtMostMs: number;
  /** Requests wait from the start, as they did when it was ended. */
  readonly startsHolding?: boolean;
}

/** Belong to one connection and not to the request (RFC 9110, 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'];
const LOOK_EVERY_MS = 2;
const LAST_ANSWERS_MS = 100;

/**
 * Stands before a service on its own instance and passes HTTP requests on, so that the service can be exchanged for one on
 * another machine without a client noticing: it lets what is under way end, keeps new requests waiting while state is
 * carried over, and then passes them on to the new place, whatever a balancer still believes. It never repeats a request
 * whose body was begun: whether it was acted upon is not known.
 */
export class FrontDoor implements Door {
  private readonly server: Server;
  private readonly connections = new Agent({ keepAlive: true, maxSockets: Infinity });
  private readonly room: WaitingRoom;
  private upstream: Upstream;
  private readonly underWay = new Set<IncomingMessage>();
  private commands = 0;

  private constructor(options: FrontDoorOptions) {
    this.upstream = options.upstream;
    this.room = new WaitingRoom(options.mostHeld, options.holdAtMostMs);
    if (options.startsHolding === true) this.room.close();
    this.server = createServer((incoming, outgoing) => void this.serve(incoming, outgoing));
    // A balancer keeps its connections; this end must not close one that it is about to use.
    this.server.keepAliveTimeout = 75_000;
    this.server.requestTimeout = 0;
  }

  static async open(options: FrontDoorOptions): Promise<FrontDoor> {
    const door = new FrontDoor(options);
    await new Promise<void>((resolve, reject) => door.server.once('error', reject).listen(options.listen.port, options.listen.host, resolve));
    return door;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get state(): FrontDoorState {
    return { port: this.port, upstream: this.upstream, isHolding: this.room.isClosed, inFlight: this.underWay.size, held: this.room.waiting };
  }

  async hold(limitMs: number): Promise<void> {
    this.room.close();
    this.commands += 1;
    const { commands } = this;
    const giveUpAtMs = Date.now() + limitMs;
    while (this.underWay.size > 0) {
      // Whoever gave this command may be gone, and another may rely on what the door was told since.
      if (this.commands !== commands) throw new Error('the door was told something else meanwhile');
      if (Date.now() >= giveUpAtMs) {
        const { size } = this.underWay;
        this.room.open();
        throw new Error(`${size} requests did not end within ${limitMs} ms`);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  async settle(limitMs: number): Promise<void> {
    const now = [...this.underWay];
    const giveUpAtMs = Date.now() + limitMs;
    while (Date.now() < giveUpAtMs && now.some((request) => this.underWay.has(request))) await sleep(LOOK_EVERY_MS);
  }

  passTo(upstream: Upstream): Promise<void> {
    this.commands += 1;
    this.upstream = upstream;
    this.room.open();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.room.open();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    // What waited is under way in a moment only.
    do await sleep(LOOK_EVERY_MS);
    while (this.underWay.size > 0);
    // Their last answers may still be on their way; a connection on which nothing was ever asked would stay for as long as its client likes.
    await Promise.race([closed, sleep(LAST_ANSWERS_MS)]);
    this.server.closeAllConnections();
    await closed;
    this.connections.destroy();
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const turnedAway = await this.room.enter();
    if (turnedAway !== null) return refuse(outgoing, 503, turnedAway);
    if (outgoing.destroyed) return;
    this.underWay.add(incoming);
    try {
      await this.pass(incoming, outgoing);
    } catch (error) {
      refuse(outgoing, 502, `the service does not answer: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.underWay.delete(incoming);
    }
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { host, port } = this.upstream;
    const forwarded = request({ host, port, agent: this.connections, method: incoming.method, path: incoming.url, headers: endToEnd(incoming.headers) });
    outgoing.once('close', () => forwarded.destroy());
    const answered = new Promise<IncomingMessage>((resolve, reject) => forwarded.once('response', resolve).once('error', reject));
    const [answer] = await Promise.all([answered, hasBody(incoming) ? passOn(incoming, forwarded) : forwarded.end()]);
    outgoing.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    await passOn(answer, outgoing);
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

function endToEnd(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name) && !named.includes(name)));
}

/** Where the answer has begun, cutting it off is all that tells the client. */
function refuse(outgoing: ServerResponse, status: number, reason: string): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, { 'content-type': 'text/plain', 'retry-after': '1' }).end(`${reason}\n`);
}
