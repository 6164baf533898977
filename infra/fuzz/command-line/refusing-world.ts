import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

const PERMISSION_DENIED = '7';
const SSL_REQUEST = 80_877_103;
/** Sent before anything is asked for. */
const GREETING = 'GetSystemInfo';

export interface RefusingWorld {
  /** What a process finds in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What was asked of it since it was asked last, such as `temporal StartWorkflowExecution`. */
  takeCalls(): readonly string[];
  close(): void;
}

/** A Temporal server, AWS and a database on loopback that note each call and refuse it at once, with what a client does not try again. */
export async function openRefusingWorld(): Promise<RefusingWorld> {
  const calls: string[] = [];
  const servers = [temporal(calls), aws(calls), database(calls)] as const;
  const ports = await Promise.all(servers.map((server) => new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))));
  const [temporalPort, awsPort, databasePort] = ports;
  return {
    env: {
      TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`, DATABASE_URL: `postgresql://fuzz@127.0.0.1:${databasePort}/fuzz`, AWS_ENDPOINT_URL: `http://127.0.0.1:${awsPort}`,
      AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'FUZZ', AWS_SECRET_ACCESS_KEY: 'refused-anyway', AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    takeCalls: () => calls.splice(0),
    close: () => servers.forEach((server) => server.close()),
  };
}

function temporal(calls: string[]): Server {
  const server = createHttp2Server();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const method = String(headers[':path']).split('/').at(-1) ?? '';
    stream.on('error', () => undefined);
    if (method === GREETING) {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      // A message of no fields.
      stream.end(Buffer.alloc(5));
      return;
    }
    calls.push(`temporal ${method}`);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': PERMISSION_DENIED, 'grpc-message': 'everything is refused here' }, { endStream: true });
  });
  return server;
}

function aws(calls: string[]): Server {
  return createHttpServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      const body = Buffer.concat(pieces).toString('latin1');
      calls.push(`aws ${String(request.headers['x-amz-target'] ?? /(?:^|&)Action=(\w+)/.exec(body)?.[1] ?? request.url)}`);
      const isJson = String(request.headers['content-type']).includes('json');
      response.writeHead(403, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml', 'x-amzn-errortype': 'AccessDenied' });
      response.end(isJson ? '{"__type":"AccessDenied","message":"everything is refused here"}' : '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>everything is refused here</Message></Error></Errors><Error><Code>AccessDenied</Code><Message>everything is refused here</Message></Error></Response>');
    });
  });
}

function database(calls: string[]): Server {
  return createTcpServer((socket) => {
    socket.on('error', () => undefined).on('data', (bytes) => {
      if (bytes.length === 8 && bytes.readInt32BE(4) === SSL_REQUEST) return void socket.write('N');
      calls.push('database');
      const fields = Buffer.from('SFATAL\0C28000\0Meverything is refused here\0\0');
      const head = Buffer.alloc(5);
      head.write('E');
      head.writeInt32BE(fields.length + 4, 1);
      return void socket.end(Buffer.concat([head, fields]));
    });
  });
}
