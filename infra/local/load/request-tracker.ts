import type { LoadSample, SampleOutcome } from './load-protocol';

/** The events of one autocannon client that its types leave out. */
export interface ObservedClient {
  on(event: 'request' | 'timeout' | 'connError', listener: () => void): unknown;
  on(event: 'response', listener: (statusCode: number) => void): unknown;
  /** Requests per second; a negative one lets a client finish its request and send no further. */
  rate: number;
}

/**
 * Follows every request of autocannon's clients from its start to its end, because autocannon's own numbers don't: it
 * forgets a request whose connection the server closes, and counts failed connection attempts that carried no request.
 * A client without pipelining has at most one request under way.
 */
export class RequestTracker {
  private readonly clients: ObservedClient[] = [];
  private readonly underWay = new Map<ObservedClient, number>();
  private finished: LoadSample[] = [];
  started = 0;

  observe(client: ObservedClient): void {
    this.clients.push(client);
    client.on('request', () => {
      // A new request while one is under way: autocannon reconnected after the server had closed the connection.
      this.end(client, 'connection-closed');
      this.started += 1;
      this.underWay.set(client, performance.now());
    });
    client.on('response', (status) => this.end(client, status >= 200 && status < 300 ? 'ok' : status));
    client.on('timeout', () => this.end(client, 'timeout'));
    client.on('connError', () => this.end(client, 'connection-error'));
  }

  get unfinished(): number {
    return this.underWay.size;
  }

  /** The requests that ended since the last call. */
  take(): readonly LoadSample[] {
    const samples = this.finished;
    this.finished = [];
    return samples;
  }

  /** Sends nothing more; what is under way goes on. */
  silence(): void {
    for (const client of this.clients) client.rate = -1;
  }

  private end(client: ObservedClient, outcome: SampleOutcome): void {
    const startedAt = this.underWay.get(client);
    if (startedAt === undefined) return;
    this.underWay.delete(client);
    const latency = Math.round((performance.now() - startedAt) * 100) / 100;
    this.finished.push([Date.now(), latency, outcome]);
  }
}
