import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../digest';
import { writeWhole } from '../manifest/write-whole';
import type { Address } from '../session/connect';
import { metricsText } from './metrics-text';
import type { StandByRequest } from './receiving-side';
import type { ReplicationRequest, TransferStatus } from './transfer-status';

/** What the control endpoint can be asked for. */
export interface Controlled {
  status(): TransferStatus;
  replicate(request: ReplicationRequest): void;
  cutOver(): void;
  stop(): void;
  standBy(request: StandByRequest): Promise<void>;
  leave(owner: string): void;
}

const addressSchema = z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535) });
const ownerSchema = z.string().min(1).max(500);
const fingerprintSchema = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/, 'expected a SHA-256 fingerprint as AB:CD:...');

const standBySchema = z.strictObject({ owner: ownerSchema, peerFingerprint: fingerprintSchema, service: addressSchema.optional() });
const leaveSchema = z.strictObject({ owner: ownerSchema });
const requestSchema = z.strictObject({
  owner: ownerSchema.optional(),
  peerFingerprint: fingerprintSchema.optional(),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  maxPauseMs: z.number().positive().optional(),
  handoverMs: z.number().nonnegative().optional(),
  maxRounds: z.int().min(2).max(1_000).optional(),
  auto: z.boolean().optional(),
  everyMs: z.int().min(100).optional(),
  bytesPerSecond: z.int().min(1_000).optional(),
  service: addressSchema.optional(),
});

const MOST_BYTES = 64 * 1024;

/** The machine that a command is meant for: what lies in a state folder may have come with an image, and lead to another machine's agent. */
export const INSTANCE_HEADER = 'x-foreshift-instance';

/** Serves `GET /status`, `GET /metrics` (Prometheus) and `POST /replicate|/cutover|/stop|/stand-by|/leave` to those who can read the token in the state folder: whoever may command the agent may stop the service. */
export async function serveControl({ host, port }: Address, stateFolder: string, instanceId: string, controlled: Controlled): Promise<{ readonly server: Server; readonly port: number; readonly token: string }> {
  const token = tokenIn(stateFolder);
  const server = createServer((request, response) => {
    answer(request, token, instanceId, controlled)
      .catch((error: unknown) => ({ status: 409, body: { error: (error as Error).message } }))
      .then(({ status, body }) => response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain; version=0.0.4' : 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body)))
      .catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { port: listening } = server.address() as AddressInfo;
  writeWhole(join(stateFolder, 'control-address'), `${host}:${listening}`);
  return { server, port: listening, token };
}

/** The same after a restart: a command may have read it just before. */
function tokenIn(stateFolder: string): string {
  const file = join(stateFolder, 'control-token');
  if (!existsSync(file)) writeWhole(file, randomBytes(32).toString('hex'));
  return readFileSync(file, 'utf8');
}

async function answer(request: IncomingMessage, token: string, instanceId: string, controlled: Controlled): Promise<{ readonly status: number; readonly body: unknown }> {
  if (!timingSafeEqual(sha256(Buffer.from(request.headers.authorization ?? '')), sha256(Buffer.from(`Bearer ${token}`)))) return { status: 401, body: { error: 'the token in the state folder is needed' } };
  const meant = request.headers[INSTANCE_HEADER];
  if (meant !== undefined && meant !== instanceId) return { status: 421, body: { error: `the agent of ${instanceId} answers here, and not that of ${String(meant)}` } };
  const what = `${request.method} ${request.url}`;
  if (what === 'GET /status') return { status: 200, body: controlled.status() };
  if (what === 'GET /metrics') return { status: 200, body: await metricsText(controlled.status()) };
  const act = ACTS[what];
  if (act === undefined) return { status: 404, body: { error: `there are GET /status, GET /metrics, ${Object.keys(ACTS).join(', ')}` } };
  try {
    await act(controlled, parse(await bodyOf(request)));
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    throw error;
  }
  return { status: 202, body: controlled.status() };
}

const ACTS: Readonly<Record<string, (controlled: Controlled, body: unknown) => void | Promise<void>>> = {
  'POST /replicate': (controlled, body) => controlled.replicate(withoutUndefined(requestSchema.parse(body)) as ReplicationRequest),
  'POST /stand-by': (controlled, body) => controlled.standBy(withoutUndefined(standBySchema.parse(body)) as StandByRequest),
  'POST /leave': (controlled, body) => controlled.leave(leaveSchema.parse(body).owner),
  'POST /cutover': (controlled) => controlled.cutOver(),
  'POST /stop': (controlled) => controlled.stop(),
};

function withoutUndefined(request: object): object {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new Error('the request is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
