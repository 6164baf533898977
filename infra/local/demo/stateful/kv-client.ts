import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { KvLedger, type KvReport } from './kv-ledger';

export interface KvLoad {
  readonly writesPerSecond: number;
  readonly readsPerSecond: number;
}

const KEYS = 20_000;
const VALUE_PADDING = 'v'.repeat(100);
const TICK_MS = 5;
/** As a pool of clients has: what comes beyond waits here for a connection. */
const CONNECTIONS = 128;
const GIVE_UP_AFTER_MS = 15_000;
const READ_BACK_AT_ONCE = 32;

/**
 * Clients of the stateful service: they write and read at a steady rate, whatever the answers take, and repeat nothing. Every acknowledged write is noted, to
 * be read back at the end.
 */
export class KvClient {
  private readonly connections = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  private readonly ledger = new KvLedger();
  private timer: NodeJS.Timeout | null = null;
  private next = 0;

  /** @param url of the balancer, or of whatever else the service is asked at */
  constructor(private readonly url: string) {}

  /** Asks so often each second until it is stopped. */
  start({ writesPerSecond, readsPerSecond }: KvLoad): void {
    const startMs = performance.now();
    let [writes, reads] = [0, 0];
    this.timer = setInterval(() => {
      const seconds = (performance.now() - startMs) / 1_000;
      for (; writes < seconds * writesPerSecond; writes++) void this.write();
      for (; reads < seconds * readsPerSecond; reads++) void this.read();
    }, TICK_MS);
  }

  /** How it went so far, since the last time that this was asked. */
  takeReport(): KvReport {
    return this.ledger.take();
  }

  /** Stops asking; returns once everything is answered or given up. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    const giveUpAtMs = Date.now() + GIVE_UP_AFTER_MS + 1_000;
    while (this.ledger.underWay > 0 && Date.now() < giveUpAtMs) await sleep(TICK_MS);
  }

  /** Reads every key whose write was acknowledged; returns those that are not what was written. */
  async lost(): Promise<string[]> {
    const keys = this.ledger.acknowledgedKeys();
    const lost: string[] = [];
    const readOn = async (): Promise<void> => {
      for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
        const { status, body } = await this.ask('GET', key);
        if (!this.ledger.isWhatWasWritten(key, status === 200 ? body : null)) lost.push(key);
      }
    };
    await Promise.all(Array.from({ length: READ_BACK_AT_ONCE }, readOn));
    return lost;
  }

  close(): void {
    this.connections.destroy();
  }

  private async write(): Promise<void> {
    const key = randomKey();
    // Two writes of one key on their way could be acknowledged in either order.
    if (!this.ledger.beginWrite(key)) return this.write();
    const sequence = this.next++;
    await this.ledger.note('write', () => this.ask('PUT', key, `${sequence} ${VALUE_PADDING}`), (status) => this.ledger.endWrite(key, sequence, status === 204));
  }

  private async read(): Promise<void> {
    const key = randomKey();
    const atLeast = this.ledger.acknowledgedOf(key);
    await this.ledger.note('read', () => this.ask('GET', key), (_, body) => this.ledger.checkRead(atLeast, body));
  }

  private ask(method: 'GET' | 'PUT', key: string, body?: string): Promise<{ readonly status: number; readonly body: string }> {
    return new Promise((resolve, reject) => {
      const asked = request(`${this.url}/keys/${key}`, { method, agent: this.connections, signal: AbortSignal.timeout(GIVE_UP_AFTER_MS), ...(body === undefined ? {} : { headers: { 'content-length': Buffer.byteLength(body) } }) }, (answer) => {
        text(answer).then((read) => resolve({ status: answer.statusCode ?? 0, body: read })).catch(reject);
      });
      asked.once('error', reject).end(body);
    });
  }
}

function randomKey(): string {
  return `key-${Math.floor(Math.random() * KEYS)}`;
}
