import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { INSTANCE_HEADER, serveControl, type Controlled } from '../../../src/transfer/agent/control-server';
import { ACCEPTED, edge, refusedWith, Violation } from '../edge';
import { exchange, HEAD_TOO_LONG } from '../exchange';
import { mutatedJsonText } from '../mutate-json';
import { mutatedText } from '../mutate-text';
import { ODD_TEXTS } from '../odd-values';

interface Command {
  readonly method: string;
  readonly path: string;
  readonly token: 'own' | 'none' | 'odd';
  readonly instance: string | null;
  readonly body: string;
}

const INSTANCE = 'i-0123456789abcdef0';
const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');
const BODIES = [{ host: '10.0.0.1', port: 7_400, owner: 'migration/i-1', peerFingerprint: FINGERPRINT, maxPauseMs: 500, handoverMs: 0, maxRounds: 5, auto: true, everyMs: 1_000, bytesPerSecond: 1_000_000, service: { host: 'h', port: 80 } }, { owner: 'migration/i-1', peerFingerprint: FINGERPRINT, service: { host: 'h', port: 80 } }, { owner: 'migration/i-1' }, {}];
const command: fc.Arbitrary<Command> = fc.record({
  method: fc.oneof({ weight: 9, arbitrary: fc.constant('POST') }, { weight: 2, arbitrary: fc.constant('GET') }, { weight: 1, arbitrary: fc.constantFrom('PUT', 'DELETE', 'HEAD') }),
  path: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('/replicate', '/stand-by', '/leave', '/cutover', '/stop', '/status') }, { weight: 1, arbitrary: fc.constantFrom('/', '/constructor', '/__proto__', '/status?x', '//stop', `/${'x'.repeat(9_000)}`) }),
  token: fc.oneof({ weight: 9, arbitrary: fc.constant('own' as const) }, { weight: 2, arbitrary: fc.constantFrom('none' as const, 'odd' as const) }),
  instance: fc.oneof({ weight: 5, arbitrary: fc.constant(INSTANCE) }, { weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom('i-other', ...ODD_TEXTS) }),
  body: fc.oneof({ weight: 5, arbitrary: mutatedJsonText(BODIES) }, { weight: 1, arbitrary: mutatedText(BODIES.map((body) => JSON.stringify(body))) }),
});

/** The endpoint of an agent on an instance: who commands it may stop the service. */
export const agentControl = edge<Command>({
  name: 'agent-control',
  about: "an agent's control endpoint, with and without its token",
  share: 5,
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-agent-'));
    const acts: string[] = [];
    const did = (what: string) => (): void => void acts.push(what);
    const controlled = { status: () => ({ instanceId: INSTANCE }) as unknown as ReturnType<Controlled['status']>, replicate: did('replicate'), cutOver: did('cutover'), stop: did('stop'), standBy: async () => did('stand-by')(), leave: did('leave') };
    const { server, port, token } = await serveControl({ host: '127.0.0.1', port: 0 }, folder, INSTANCE, controlled);
    return {
      inputs: command,
      async give({ method, path, token: shown, instance, body }) {
         
        const meant = instance?.replace(/[^\x20-\x7e]/g, '').trim() ?? null;
        const head = [`${method} ${path} HTTP/1.1`, 'Host: x', ...(shown === 'none' ? [] : [`Authorization: Bearer ${shown === 'own' ? token : 'guessed'}`]), ...(meant === null ? [] : [`${INSTANCE_HEADER}: ${meant}`]), `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
        const { status, body: answer } = await exchange(port, `${head.join('\r\n')}\r\n\r\n${body}`);
        const done = acts.splice(0);
        if (done.length > 0 && (status >= 400 || shown !== 'own' || (meant !== null && meant !== INSTANCE))) throw new Violation(`${done.join(', ')} was done; the answer is ${status}, the token ${shown}, for ${meant}`);
        if (status >= 500 || status === 0) throw new Violation(`it answered ${status}: ${answer.slice(0, 300)}`);
        return status < 400 ? ACCEPTED : refusedWith(method === 'HEAD' || status === HEAD_TOO_LONG ? `status ${status}` : answer);
      },
      close() {
        server.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});
