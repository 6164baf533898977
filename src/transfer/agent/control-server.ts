import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../digest';
import { writeWhole } from '../manifest/write-whole';
import type { Address } from '../session/connect';
import type { ReplicationRequest, TransferStatus } from './transfer-status';

/** What the control endpoint can be asked for. */
export interface Controlled {
  status(): TransferStatus;
  replicate(request: ReplicationRequest): void;
  cutOver(): void;
  stop(): void;
}

const requestSchema = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  maxPauseMs: z.number().positive().optional(),
  handoverMs: z.number().nonnegative().optional(),
  maxRounds: z.int().min(2).max(1_000).optional(),
  auto: z.boolean().optional(),
  everyMs: z.int().min(100).optional(),
  bytesPerSecond: z.int().min(1_000).optional(),
  service: z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535) }).optional(),
});

const MOST_BYTES = 64 * 1024;

/** Serves `GET /status` and `POST /replicate|/cutover|/stop` to those who can read the token in the state folder: whoever may command the agent may stop the service. */
export async function serveControl({ host, port }: Address, stateFolder: string, controlled: Controlled): Promise<{ readonly server: Server; readonly port: number; readonly token: string }> {
  const token = randomBytes(32).toString('hex');
  writeWhole(join(stateFolder, 'control-token'), token);
  const server = createServer((request, response) => {
    answer(request, token, controlled)
      .catch((error: unknown) => ({ status: 409, body: { error: (error as Error).message } }))
      .then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)))
      .catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, token };
}

async function answer(request: IncomingMessage, token: string, controlled: Controlled): Promise<{ readonly status: number; readonly body: unknown }> {
  if (!timingSafeEqual(sha256(Buffer.from(request.headers.authorization ?? '')), sha256(Buffer.from(`Bearer ${token}`)))) return { status: 401, body: { error: 'the token in the state folder is needed' } };
  const what = `${request.method} ${request.url}`;
  if (what === 'GET /status') return { status: 200, body: controlled.status() };
  if (what === 'POST /replicate') {
    const parsed = requestSchema.safeParse(parse(await bodyOf(request)));
    if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
    controlled.replicate(withoutUndefined(parsed.data));
  } else if (what === 'POST /cutover') controlled.cutOver();
  else if (what === 'POST /stop') controlled.stop();
  else return { status: 404, body: { error: 'there are GET /status, POST /replicate, POST /cutover and POST /stop' } };
  return { status: 202, body: controlled.status() };
}

function withoutUndefined(request: z.infer<typeof requestSchema>): ReplicationRequest {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as unknown as ReplicationRequest;
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
