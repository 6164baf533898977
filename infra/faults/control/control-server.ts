import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Attempt, Directive } from './protocol';
import { GO } from './protocol';

export type Point = 'begins' | 'done';
export type Watcher = (point: Point, attempt: Attempt) => Promise<Directive>;

/** Answers the fault worker: what is to happen to an attempt of an activity is the say of whoever watches its workflow. */
export class ControlServer {
  private readonly watchers = new Map<string, Watcher>();
  /** Every activity of which an attempt began, of any workflow. */
  readonly activities = new Set<string>();

  private constructor(
    readonly url: string,
    private readonly close: () => void,
  ) {}

  static async start(): Promise<ControlServer> {
    const server = createServer((request, response) => {
      answer(request)
        .catch((error: unknown): Directive => ({ kind: 'fail', type: 'Unavailable', message: `the matrix itself failed: ${String(error)}`, isRetryable: true }))
        .then((directive) => response.end(JSON.stringify(directive)), () => undefined);
    });
    server.keepAliveTimeout = 120_000;
    server.requestTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const control = new ControlServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
      server.close();
      server.closeAllConnections();
    });
    const answer = async (request: IncomingMessage): Promise<Directive> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const attempt = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Attempt;
      control.activities.add(attempt.activity);
      const watcher = control.watchers.get(attempt.workflowId);
      return watcher === undefined ? GO : watcher(request.url === '/done' ? 'done' : 'begins', attempt);
    };
    return control;
  }

  watch(workflowId: string, watcher: Watcher): void {
    this.watchers.set(workflowId, watcher);
  }

  unwatch(workflowId: string): void {
    this.watchers.delete(workflowId);
  }

  stop(): void {
    this.close();
  }
}
