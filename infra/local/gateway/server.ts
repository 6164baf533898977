import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CallLog } from './call-log';
import { answerControl, CONTROL_PREFIX } from './control/control-api';
import type { ControlRoute } from './control/control-route';
import { gatewayRoutes } from './control/gateway-routes';
import { createDispatcher } from './dispatcher';
import { Faults } from './faults';
import type { AwsCall, ServiceOperations } from './operation';
import type { WireReply } from './protocols/wire';
import { createUpstream } from './upstream';

export interface GatewayOptions {
  /** The services and operations that are answered here. */
  readonly modules: readonly ServiceOperations[];
  /** Where all other calls go; without it they are refused as unknown. */
  readonly motoUrl?: string | undefined;
  /** Calls of its own services that are signed for another region are refused; absent: none is. */
  readonly region?: string | undefined;
  /** 0 or absent: any free port. */
  readonly port?: number | undefined;
  readonly controlRoutes?: readonly ControlRoute[] | undefined;
  /** Throws where the caller may not do this; absent: everybody may do everything. */
  readonly authorize?: ((call: AwsCall) => void) | undefined;
  /** Told of errors that are defects of the local cloud itself. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
}

export interface Gateway {
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly calls: CallLog;
  stop(): Promise<void>;
}

const inflate = promisify(gunzip);

/** Starts the one endpoint of all AWS clients, on the loopback interface. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const faults = new Faults();
  const calls = new CallLog();
  const upstream = options.motoUrl === undefined ? undefined : createUpstream(options.motoUrl);
  const routes = [...gatewayRoutes(faults, calls), ...(options.controlRoutes ?? [])];
  const dispatch = createDispatcher({ modules: options.modules, region: options.region, faults, calls, upstream, authorize: options.authorize ?? (() => undefined), onDefect: options.onDefect });

  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await collect(message);
    const url = new URL(message.url ?? '/', 'http://gateway');
    const method = message.method ?? 'GET';
    if (url.pathname.startsWith(CONTROL_PREFIX)) {
      return send(response, await answerControl(routes, { method, path: url.pathname, query: url.searchParams, body: raw }));
    }
    const body = message.headers['content-encoding'] === 'gzip' ? await inflate(raw) : raw;
    const outcome = await dispatch(
      { method, path: url.pathname, query: url.searchParams, headers: message.headers, body },
      { method, url: message.url ?? '/', rawHeaders: message.rawHeaders, body: raw },
    );
    if (outcome.kind === 'drop') message.socket.destroy();
    else if (outcome.kind === 'reply') send(response, outcome.reply);
    else response.writeHead(outcome.reply.status, [...outcome.reply.rawHeaders]).end(outcome.reply.body);
  };

  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => {
      // Only a broken connection or body gets here; there is nobody left to tell.
      if (!response.headersSent) response.writeHead(400);
      response.end();
      if (!message.destroyed) options.onDefect?.(error);
    });
  });
  // The SDK keeps idle sockets; closing them first would look like a lost reply.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    faults,
    calls,
    stop: () =>
      new Promise((resolve) => {
        upstream?.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function collect(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, reply: WireReply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
}
