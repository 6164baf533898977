/**
 * The demo's service, as it lies on an instance's root disk: Node and nothing else. It serves a catalogue from its data
 * disk; every first instance makes a catalogue of its own, so that a replacement that lost the disk would show at once.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const ITEMS = 200;
const PORT = 8080;
/** A request may ask to be answered so late, as a report would be. */
const SLOWEST_MS = 10_000;

const { env } = process;
const address = env['FORESHIFT_ADDRESS'] ?? '127.0.0.1';
const catalogueFile = join(env['FORESHIFT_DISKS'] ?? '.', 'sdf', 'catalogue.json');

if (!existsSync(catalogueFile)) {
  const items = Array.from({ length: ITEMS }, (_, i) => ({ id: i, name: `item ${i}`, code: randomBytes(16).toString('hex') }));
  writeFileSync(catalogueFile, JSON.stringify(items));
}
let extraMs = 0;
const startedAt = Date.now();

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://service');
  const answer = (status: number, body: unknown): void => {
    const waitMs = url.pathname === '/health' ? 0 : extraMs + Math.min(SLOWEST_MS, Number(url.searchParams.get('slow') ?? 0));
    const send = (): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (waitMs > 0) setTimeout(send, waitMs);
    else send();
  };
  if (url.pathname === '/health') answer(200, { ok: true });
  else if (url.pathname === '/digest') answer(200, { catalogue: createHash('sha256').update(readFileSync(catalogueFile)).digest('hex') });
  else if (url.pathname === '/_demo/latency' && request.method === 'PUT') {
    extraMs = Number(url.searchParams.get('ms') ?? 0);
    response.writeHead(204).end();
  } else answer(200, { instance: env['FORESHIFT_INSTANCE_ID'], service: env['SERVICE'], item: pick(), upMs: Date.now() - startedAt });
});

// Read on every request: a disk that was exchanged or lost must show.
function pick(): unknown {
  const items = JSON.parse(readFileSync(catalogueFile, 'utf8')) as unknown[];
  return items[Math.floor(Math.random() * items.length)];
}

// The balancer keeps its connections for longer than Node would.
server.keepAliveTimeout = 120_000;
server.listen(PORT, address);
process.on('SIGTERM', () => process.exit(0));
