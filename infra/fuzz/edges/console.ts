import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { mayDo } from '../../../src/domain/roles';
import { ACCEPTED, edge, refusedWith, Violation, type Outcome } from '../edge';
import { exchange, HEAD_TOO_LONG } from '../exchange';
import { mutatedJsonText } from '../mutate-json';
import { mutatedText } from '../mutate-text';
import { ODD_TEXTS } from '../odd-values';
import { INSTANCE, LINK_SECRET, openConsoleWorld, type ConsoleWorld, type Session } from './console-world';

interface ConsoleRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Whose session, by its place among the roles; none where there is no such place. */
  readonly who: number;
  readonly token: 'own' | 'none' | 'odd';
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** A whole request as bytes, changed where it may be no HTTP any more. The session in it is a viewer's. */
interface RawRequest {
  readonly raw: string;
}

const PATHS = [
  ...['session', 'login', 'logout', 'instances', `instances/${INSTANCE}`, `instances/${INSTANCE}/forecast`, `migrations/${INSTANCE}`, 'plans/plan-1', 'queues', 'capacity', 'accuracy', 'profiles', 'shapes', 'audit', 'audit/verify', 'audit/export', 'live'].map((path) => `/api/${path}`),
  '/', '/index.html', '/assets/x.js', '/oidc/start', '/api', '/api/nowhere', '/codec/nowhere',
];
const ACTS = [`/api/migrations/${INSTANCE}/abort`, `/api/migrations/${INSTANCE}/approve`, '/api/plans/plan-1/approve', '/api/plans/plan-1/decline', '/api/approval/look', '/api/approval/approve', '/api/login', '/api/logout', '/codec/encode', '/codec/decode'];
const BODIES = [{ reason: 'error rate' }, { planHash: 'h' }, { secret: LINK_SECRET }, { secret: 'x' }, { token: 'viewer' }, {}, { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'e30=' }] }, { payloads: [{ metadata: { encoding: 'YmluYXJ5L2VuY3J5cHRlZA==', 'encryption-key-id': 'azE=' }, data: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }] }];
const QUERIES = ['', '?afterSeq=4', '?metric=cpuPercent&horizonMs=3600000', '?sinceMs=0&pool=web', '?fleet=shop', '?text=cpu&beforeSeq=9&untilMs=1'];
const SESSION = '@session@';
const RAW = [`GET /api/instances HTTP/1.1\r\nHost: x\r\nCookie: ${SESSION}\r\nConnection: close\r\n\r\n`, `POST ${ACTS[0]} HTTP/1.1\r\nHost: x\r\nCookie: ${SESSION}\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{"reason":"x"}`, 'POST /api/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n{"tok\r\n0\r\n\r\n'];
const HTTP_WORDS = ['\r\n', 'Content-Length: 5\r\n', 'Content-Length: -1\r\n', 'Transfer-Encoding: chunked\r\n', 'Host: y\r\n', 'GET ', 'HTTP/0.9', 'HTTP/2.0', 'Expect: 100-continue\r\n', 'Upgrade: h2c\r\n', 'X-Forwarded-For: 127.0.0.1\r\n'];

const oddHeader = fc.tuple(fc.constantFrom('content-type', 'accept', 'accept-encoding', 'origin', 'x-namespace', 'authorization', 'x-forwarded-proto', 'x-http-method-override', 'if-none-match', 'range', 'content-encoding', 'cookie', 'last-event-id'), fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ maxLength: 40 })));
const encoded = (text: string): string => encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '?'));
const oddId = fc.constantFrom(...ODD_TEXTS).map(encoded);
type Call = Pick<ConsoleRequest, 'method' | 'path' | 'query' | 'body'>;
const oddCall: fc.Arbitrary<Partial<Call>> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 6, arbitrary: mutatedJsonText(BODIES).map((body) => ({ body })) },
  { weight: 1, arbitrary: mutatedText(BODIES.map((body) => JSON.stringify(body))).map((body) => ({ body })) },
  { weight: 1, arbitrary: fc.constantFrom('PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'GET', 'POST').map((method) => ({ method })) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...PATHS, ...ACTS), oddId).map(([path, id]) => ({ path: path.replace(/i-0123456789abcdef0|plan-1/, id) })) },
  { weight: 1, arbitrary: oddId.map((id) => ({ path: `/api/${id}` })) },
  { weight: 1, arbitrary: fc.constantFrom('/../../etc/passwd', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd', '//', '/%', '/%ff', '/assets/..%5c..', '/api/%2e%2e/session', '/%00', `/${'a/'.repeat(3_000)}`).map((path) => ({ path })) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('afterSeq', 'horizonMs', 'metric', 'sinceMs', 'beforeSeq', 'text', 'fleet', '__proto__', 'limit'), oddId).map(([name, value]) => ({ query: `?${name}=${value}` })) },
  { weight: 1, arbitrary: fc.constantFrom('?%', '?%ff=%ff', '?&&==', '?a[]=1&a[]=2', '?text=a&text=b').map((query) => ({ query })) },
);
const rightCall: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ method: fc.constant('GET'), path: fc.constantFrom(...PATHS), query: fc.constantFrom(...QUERIES), body: fc.constant('') }),
  fc.record({ method: fc.constant('POST'), path: fc.constantFrom(...ACTS), query: fc.constant(''), body: fc.constantFrom(...BODIES).map((body) => JSON.stringify(body)) }),
);
const request: fc.Arbitrary<ConsoleRequest> = fc
  .tuple(
    rightCall,
    oddCall,
    fc.record({
      who: fc.oneof({ weight: 1, arbitrary: fc.constant(-1) }, { weight: 9, arbitrary: fc.integer({ min: 0, max: 3 }) }),
      token: fc.oneof({ weight: 6, arbitrary: fc.constant('own' as const) }, { weight: 1, arbitrary: fc.constantFrom('none' as const, 'odd' as const) }),
      headers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(oddHeader, { maxLength: 3 }) }),
    }),
  )
  .map(([right, odd, rest]) => ({ ...right, ...odd, ...rest }));

/** The console's HTTP face, over real connections: who is not let in reads nothing, and nobody changes more than their role may. */
export const consoleApi = edge<ConsoleRequest | RawRequest>({
  name: 'console',
  about: "the console's HTTP face, by role, with and without its session",
  share: 16,
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-console-'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    const world = await openConsoleWorld(folder);
    return {
      inputs: fc.oneof({ weight: 9, arbitrary: request }, { weight: 1, arbitrary: mutatedText(RAW, HTTP_WORDS).map((raw) => ({ raw })) }),
      give: (input) => give(world, input),
      close() {
        world.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});

async function give(world: ConsoleWorld, input: ConsoleRequest | RawRequest): Promise<Outcome> {
  const session = world.session('raw' in input ? 0 : input.who);
  const bytes = 'raw' in input ? input.raw.replaceAll(SESSION, session?.cookie ?? '') : written(input, session);
  const { status, body } = await exchange(world.port, bytes);
  const acts = world.takeActs();
  for (const { what, least, byLink } of acts) {
    if (status >= 400) throw new Violation(`${what} was done, and the answer is ${status}`);
    if (byLink ? !bytes.includes(LINK_SECRET) : session === null || !mayDo(session.role, least) || 'raw' in input || input.token !== 'own') throw new Violation(`${what} was done by ${session?.role ?? 'nobody'} with ${'raw' in input ? 'no' : input.token} token`);
  }
  if (status >= 500) throw new Violation(`it answered ${status}: ${body.slice(0, 300)}`);
  if (status === 0 && !('raw' in input)) throw new Violation('the connection ended without an answer');
  // What is no HTTP is refused before the product, by its status alone; a head has no body.
  const isBare = body.trim() === '' && ('raw' in input || input.method === 'HEAD' || status === HEAD_TOO_LONG);
  return status > 0 && status < 400 ? ACCEPTED : refusedWith(isBare ? `status ${status}` : body);
}

/** Characters that end a header are not written: they would be headers and requests of their own. */
function written({ method, path, query, token, headers, body }: ConsoleRequest, session: Session | null): string {
  const lines = [
    `${method} ${path}${query} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...(session === null ? [] : [`Cookie: ${session.cookie}`]),
    ...(token === 'none' ? [] : [`x-foreshift-csrf: ${token === 'own' ? (session?.csrf ?? 'x') : 'guessed'}`]),
     
    ...headers.map(([name, value]) => `${name}: ${value.replace(/[^\x20-\x7e]/g, '')}`),
    `Content-Length: ${method === 'GET' || method === 'HEAD' ? 0 : Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${method === 'GET' || method === 'HEAD' ? '' : body}`;
}
