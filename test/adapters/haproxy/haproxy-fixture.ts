import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHaproxy } from '../../../infra/local/haproxy/haproxy-process';
import { freePort } from '../../../infra/local/supervisor/free-port';
import { createRuntimeApi } from '../../../src/adapters/haproxy/runtime-api';
import { createHaproxyTraffic } from '../../../src/adapters/haproxy/traffic-adapter';
import { built } from '../../support/built';

export const HAPROXY = findHaproxy(process.env['PATH'] ?? '');
/** What is tested with the real program: skipped, with a sentence, where there is none. */
export const describeWithHaproxy = HAPROXY === null ? describe.skip : describe;
if (HAPROXY === null) console.warn('No HAProxy on this machine: what is tested with the real one is skipped ("apt-get install haproxy" brings it).');

export type HaproxyFixture = Awaited<ReturnType<typeof startHaproxyFixture>>;

/** HAProxy with the configuration of the documentation, before services that name themselves; of the PostgreSQL ones others may stand in. `/slow` answers when it is let go. */
export async function startHaproxyFixture(databases: { readonly primary: string; readonly replica: string } | null = null) {
  const { startHaproxy } = built<typeof import('../../../infra/local/haproxy/haproxy-process')>('infra/local/haproxy/haproxy-process');
  const directory = mkdtempSync(join(tmpdir(), 'haproxy-'));
  const mapFile = join(directory, 'foreshift.map');
  writeFileSync(mapFile, '');
  const waiting: (() => void)[] = [];
  const servers: (Server | TcpServer)[] = [];
  const web = async (name: string): Promise<string> => listen(servers, createServer((request: IncomingMessage, response) => (request.url === '/slow' ? void waiting.push(() => response.end(name)) : void response.end(name))));
  const tcp = async (name: string): Promise<string> => listen(servers, createTcpServer((socket) => void socket.on('error', () => undefined).end(name)));
  const ports = { WEB_PORT: await freePort(), PG_WRITE_PORT: await freePort(), PG_READ_PORT: await freePort(), PG_REPORT_PORT: await freePort() };
  const socket = join(directory, 'admin.sock');
  const settings = {
    FORESHIFT_SOCKET: socket,
    FORESHIFT_MAP: mapFile,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    WEB_A: await web('a'),
    WEB_B: await web('b'),
    WEB_C: await web('c'),
    PG_PRIMARY: databases?.primary ?? (await tcp('primary')),
    PG_REPLICA: databases?.replica ?? (await tcp('replica')),
  };
  const start = () => startHaproxy({ program: HAPROXY ?? '', configFile: join(__dirname, '../../../docs/haproxy.cfg'), settings, directory });
  let haproxy = await start();
  const run = createRuntimeApi({ path: socket });
  return {
    run,
    traffic: createHaproxyTraffic(run),
    mapFile,
    ports,
    newServer: web,
    url: `http://127.0.0.1:${ports.WEB_PORT}`,
    /** Who answered how many of `count` requests; refusals by their status. */
    async answers(path: string, count: number, headers: Readonly<Record<string, string>> = {}): Promise<Record<string, number>> {
      const seen: Record<string, number> = {};
      for (let i = 0; i < count; i += 1) {
        const answer = await fetch(`http://127.0.0.1:${ports.WEB_PORT}${path}`, { headers });
        const who = answer.ok ? await answer.text() : String(answer.status);
        seen[who] = (seen[who] ?? 0) + 1;
      }
      return seen;
    },
    /** Lets every `/slow` request be answered. */
    letGo: () => waiting.splice(0).forEach((answer) => answer()),
    async restart(): Promise<void> {
      await haproxy.kill();
      haproxy = await start();
    },
    async stop(): Promise<void> {
      await haproxy.kill();
      for (const server of servers) server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function listen(servers: (Server | TcpServer)[], server: Server | TcpServer): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
