import { createServer as createHttp } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { PostAnswer } from './answer-post';

/** SNS sends 256 KiB at most, and its envelope. */
const MOST_BYTES = 320 * 1_024;
const REQUEST_WITHIN_MS = 15_000;
const MOST_CONNECTIONS = 200;

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** PEM; null: plain HTTP, for a proxy on this machine that ends TLS. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly answer: (body: string) => Promise<PostAnswer>;
  readonly onAnswer?: (answer: PostAnswer) => void;
}

export interface ListeningServer {
  readonly port: number;
  /** Takes no more, finishes what is in work. */
  close(): Promise<void>;
}

/** Listens for SNS's posts on `/sns`; `GET /health` says that it listens. */
export async function listenForSns({ host, port, tls, answer, onAnswer }: HttpServerOptions): Promise<ListeningServer> {
  const listener: RequestListener = (request, response) => {
    respond(request, response, answer, onAnswer).catch(() => response.destroy());
  };
  const server: Server = tls === null ? createHttp(listener) : createHttps({ ...tls, minVersion: 'TLSv1.2' }, listener);
  server.requestTimeout = REQUEST_WITHIN_MS;
  server.headersTimeout = REQUEST_WITHIN_MS;
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: HttpServerOptions['answer'], onAnswer: HttpServerOptions['onAnswer']): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (request.method === 'GET' && path === '/health') return say(response, 200, 'listens');
  if (path !== '/sns') return say(response, 404, 'expected POST /sns');
  if (request.method !== 'POST') return say(response, 405, 'expected POST');
  const body = await bodyOf(request);
  if (body === null) return say(response, 413, `expected at most ${MOST_BYTES} bytes`);
  const given = await answer(body);
  onAnswer?.(given);
  say(response, given.status, given.reason);
}

/** Null where it is too long: the rest is not read, and the answer still goes out. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function say(response: ServerResponse, status: number, reason: string): void {
  const body = JSON.stringify({ reason });
  const close = status === 413 ? { connection: 'close' } : {};
  const later = status === 503 ? { 'retry-after': '20' } : {};
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...close, ...later }).end(body);
}
