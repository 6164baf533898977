/**
 * A key-value service with a write-ahead log, as it lies on an instance's root disk: Node and nothing else. Started with its folder, its address and two
 * ports. On the first one `PUT /keys/<key>` and `GET /keys/<key>`, and `/health`; on the second one, which no balancer reaches, `POST /quiesce` ends writes
 * and reads and syncs the log, `POST /resume` lets them go on, `POST /warm` reads what has come into the log since, while it stands still, and `POST /take-over`
 * does so and lets them go on with what is there.
 * `POST /break?percent=40` makes it answer so many requests with an error.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { KvStore } from './kv-store';

const [folder, host, port, hooksPort] = process.argv.slice(2) as [string, string, string, string];
const store = new KvStore(folder);
let isQuiesced = false;
let brokenPercent = 0;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '' } = request;
  if (url === '/health') return reply(response, 200, 'ok');
  if (!url.startsWith('/keys/')) return reply(response, 404, 'there is /keys/<key>');
  const key = decodeURIComponent(url.slice('/keys/'.length));
  const body = method === 'PUT' ? await textOf(request) : '';
  if (isQuiesced) return reply(response, 503, 'quiesced');
  if (Math.random() * 100 < brokenPercent) return reply(response, 500, 'broken');
  if (method === 'PUT') {
    await store.set(key, body);
    return reply(response, 204, '');
  }
  const value = store.get(key);
  reply(response, value === null ? 404 : 200, value ?? 'no such key');
}

async function hook(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method } = request;
  const { pathname: url, searchParams } = new URL(request.url ?? '/', 'http://service');
  if (method !== 'POST') return reply(response, 405, 'expected POST');
  if (url === '/quiesce') {
    isQuiesced = true;
    await store.close();
  } else if (url === '/resume') isQuiesced = false;
  else if (url === '/break') brokenPercent = Number(searchParams.get('percent') ?? 0);
  else if (url === '/warm') {
    if (!isQuiesced) return reply(response, 409, 'it serves');
    store.readOn();
  } else if (url === '/take-over') {
    isQuiesced = true;
    await store.close();
    store.readOn();
    isQuiesced = false;
  } else return reply(response, 404, 'there are /quiesce, /resume, /warm, /take-over and /break');
  reply(response, 200, `${store.keys} keys`);
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function serve(onPort: string, handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => (response.headersSent ? response.destroy() : reply(response, 500, String(error))));
  });
  // Its clients keep their connections for longer than Node would.
  server.keepAliveTimeout = 120_000;
  return new Promise((resolve, reject) => server.once('error', reject).listen(Number(onPort), host, resolve));
}

process.once('SIGTERM', () => void store.close().then(() => process.exit(0)));
Promise.all([serve(port, answer), serve(hooksPort, hook)]).then(
  () => console.log('{"ready":true}'),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
