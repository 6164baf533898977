import { lstatSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { HELD_LIMITS, type FrontDoorState, type Upstream } from './door';
import { DoorMemory } from './door-memory';
import { FrontDoor } from './front-door';

export interface DoorProcessOptions {
  readonly listen: Upstream;
  /** Where it passes to until it is told something else. */
  readonly service: Upstream;
  /** A unix domain socket for commands; beside it lies what the door remembers. */
  readonly socket: string;
  /** Tells this machine from one that was made from an image of it. */
  readonly instanceId: string;
  readonly heldLimits?: { readonly mostHeld: number; readonly holdAtMostMs: number };
}

/** Unix domain sockets have no longer names. */
const LONGEST_SOCKET_BYTES = 107;
const limitSchema = z.strictObject({ limitMs: z.number().positive() });
const upstreamSchema = z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535) });

type Answer = { readonly status: number; readonly body: FrontDoorState | { readonly error: string } };

/**
 * A door that is commanded over a socket, so that it outlives the agent that commands it: it answers `GET /state`, `POST /hold`, `POST /settle` and
 * `POST /pass-to` with its state. Whoever may open the socket may command it: only its own user may.
 */
export async function openDoorProcess({ listen, service, socket, instanceId, heldLimits = HELD_LIMITS }: DoorProcessOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  if (Buffer.byteLength(socket) > LONGEST_SOCKET_BYTES) throw new Error(`the socket ${socket} has a name of more than ${LONGEST_SOCKET_BYTES} bytes; expected a shorter one, which may be relative`);
  await removeStale(socket);
  const memory = new DoorMemory(`${socket}.json`, instanceId);
  const before = memory.read();
  const door = await FrontDoor.open({ listen, upstream: before?.upstream ?? service, startsHolding: before?.isHolding ?? false, ...heldLimits });
  const server = createServer((request, response) => {
    answer(request, door, memory)
      .catch((error: unknown): Answer => ({ status: 409, body: { error: (error as Error).message } }))
      .then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)))
      .catch(() => response.destroy());
  });
  await listenOn(server, socket);
  return {
    port: door.port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await door.close();
    },
  };
}

async function answer(request: IncomingMessage, door: FrontDoor, memory: DoorMemory): Promise<Answer> {
  const what = `${request.method} ${request.url}`;
  if (what === 'POST /hold') {
    const told = limitSchema.safeParse(await bodyOf(request));
    if (!told.success) return { status: 400, body: { error: z.prettifyError(told.error) } };
    const held = door.hold(told.data.limitMs);
    memory.write({ upstream: door.state.upstream, isHolding: true });
    await held.finally(() => memory.write({ upstream: door.state.upstream, isHolding: door.state.isHolding }));
  } else if (what === 'POST /settle') {
    const told = limitSchema.safeParse(await bodyOf(request));
    if (!told.success) return { status: 400, body: { error: z.prettifyError(told.error) } };
    await door.settle(told.data.limitMs);
  } else if (what === 'POST /pass-to') {
    const told = upstreamSchema.safeParse(await bodyOf(request));
    if (!told.success) return { status: 400, body: { error: z.prettifyError(told.error) } };
    memory.write({ upstream: told.data, isHolding: false });
    await door.passTo(told.data);
  } else if (what !== 'GET /state') return { status: 404, body: { error: 'there are GET /state, POST /hold, POST /settle and POST /pass-to' } };
  return { status: 200, body: door.state };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await text(request));
  } catch {
    return null;
  }
}

/** A killed door leaves its socket behind; one that answers is another door. */
async function removeStale(socket: string): Promise<void> {
  const found = lstatSync(socket, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${socket} is there and is no socket`);
  const isTaken = await new Promise<boolean>((resolve) => {
    const probe = connect(socket, () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
  if (isTaken) throw new Error(`another door is commanded at ${socket}`);
  rmSync(socket);
}

async function listenOn(server: Server, socket: string): Promise<void> {
  // The socket must never have been open to others, not even before a chmod.
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  } finally {
    process.umask(before);
  }
}
