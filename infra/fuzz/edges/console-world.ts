import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createEncryptingCodec } from '../../../src/adapters/temporal/codec/encrypting-codec';
import { createFileKeys } from '../../../src/adapters/temporal/codec/key-file';
import { createApp } from '../../../src/console/server/create-app';
import { createLiveFleet } from '../../../src/console/server/live-fleet';
import { loginByFile } from '../../../src/console/server/login';
import { openApprovals } from '../../../src/console/server/ports/open-approvals';
import type { ConsolePorts } from '../../../src/console/server/ports/console-ports';
import { createSessions } from '../../../src/console/server/sessions';
import { ROLES, type Role } from '../../../src/domain/roles';

/** What a request changed: which act, and who may do it. */
export interface Act {
  readonly what: string;
  readonly least: Role;
  /** Who holds a link approves without a login. */
  readonly byLink: boolean;
}

export interface Session {
  readonly role: Role;
  readonly cookie: string;
  readonly csrf: string;
}

export interface ConsoleWorld {
  readonly port: number;
  /** The session of the role at this place among them, opened anew where it was logged out; null where there is no such role. */
  session(place: number): Session | null;
  /** What was done since it was asked last. */
  takeActs(): readonly Act[];
  close(): void;
}

export const LINK_SECRET = 'good';
export const INSTANCE = 'i-0123456789abcdef0';

/** The console's own server, on loopback, before a world that answers every reading and notes every act. */
export async function openConsoleWorld(webFolder: string): Promise<ConsoleWorld> {
  const acts: Act[] = [];
  const ports = notingPorts(acts);
  const sessions = createSessions();
  const ids = new Map<Role, string>();
  const accounts = ROLES.map((role) => ({ name: `${role}-ada`, role, tokenSha256: createHash('sha256').update(role).digest('hex') }));
  const codec = createEncryptingCodec(createFileKeys({ keys: [{ id: 'k1', key: randomBytes(32).toString('base64') }] }));
  const app = createApp({ ports, live: createLiveFleet(ports, 50), login: loginByFile(accounts), oidc: null, sessions, webFolder, secure: false, codec: { codec, uiOrigin: 'http://127.0.0.1:8233' } });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    session(place) {
      const role = ROLES[place];
      if (role === undefined) return null;
      const known = ids.get(role);
      const id = known === undefined || sessions.find(known) === null ? sessions.open({ name: `${role}-ada`, role }) : known;
      ids.set(role, id);
      return { role, cookie: `foreshift_console=${id}`, csrf: sessions.find(id)?.csrfToken ?? '' };
    },
    takeActs: () => acts.splice(0),
    close: () => void server.close(),
  };
}

function notingPorts(acts: Act[]): ConsolePorts {
  const act = (what: string, least: Role, byLink = false) => async (): Promise<string> => {
    acts.push({ what, least, byLink });
    return what;
  };
  const links = { find: async (secret: string) => linked(secret), spend: async (secret: string) => linked(secret), restore: async () => undefined };
  const known: Partial<ConsolePorts> = {
    readFleet: async () => ({ migrations: [], plans: [] }),
    readMigration: async () => null,
    readPlan: async () => null,
    readForecast: async () => null,
    searchAudit: async () => [],
    exportAudit: async function* () {
      yield* [];
    },
    abortMigration: act('abort', 'operator'),
    approveMigration: act('approve a migration', 'approver'),
    approvePlan: act('approve a plan', 'approver'),
    declinePlan: act('decline a plan', 'approver'),
    ...openApprovals(links, { approveMigration: act('approve by a link', 'approver', true), approvePlan: act('approve by a link', 'approver', true) }),
  };
  return new Proxy(known, { get: (target, name) => (Reflect.get(target, name) as unknown) ?? (async () => ({})) }) as ConsolePorts;
}

function linked(secret: string) {
  return secret === LINK_SECRET ? { wanted: { planHash: 'h', untilMs: 4_102_444_800_000, subject: { kind: 'migration', instanceId: INSTANCE } as const }, channel: 'oncall' } : null;
}
