import type { MemberTraffic, TrafficAdapter } from '../../activities/traffic-adapter-port';
import { businessFailure, nullIfNotFound } from '../../contracts/errors';
import { parseServersState, parseStat, parseTableUse } from './parse-answers';
import type { RunCommand } from './runtime-api';

/** Bits of `srv_admin_state` and values of `srv_op_state` (`include/haproxy/server-t.h`). */
const MAINTENANCE = 0x01 | 0x02 | 0x04 | 0x20 | 0x40;
const DRAIN = 0x08 | 0x10;
const RUNNING = '2';

/** HAProxy as a traffic adapter: a route is a backend, a member a server of it. */
export function createHaproxyTraffic(run: RunCommand): TrafficAdapter {
  return {
    members: (backend) => members(run, backend),
    async weigh(backend, weights) {
      for (const [server, weight] of Object.entries(weights)) await run(`set server ${nameOf(backend)}/${nameOf(server)} weight ${weight}`);
    },
    async drain(backend, server) {
      await run(`set server ${nameOf(backend)}/${nameOf(server)} state drain`);
    },
    async resume(backend, server, weight) {
      await run(`set server ${nameOf(backend)}/${nameOf(server)} weight ${weight}`);
      await run(`set server ${nameOf(backend)}/${nameOf(server)} state ready`);
    },
    async stickiness(backend) {
      const table = await run(`show table ${nameOf(backend)}`).catch(nullIfNotFound);
      const sessions = table === null ? null : parseTableUse(table);
      if (sessions !== null) return { kind: 'table', sessions };
      const servers = await statsOf(run, await serversOf(run, backend));
      return { kind: servers.some(({ cookie }) => cookie !== undefined && cookie !== '') ? 'cookie' : 'none', sessions: null };
    },
    async follow(backend, server, { host, port }) {
      // A name would be looked up by HAProxy, later and elsewhere.
      if (!/^[0-9a-fA-F.:]+$/.test(host)) throw businessFailure('InvalidInput', `host is "${host}"; expected an IP address`);
      await run(`set server ${nameOf(backend)}/${nameOf(server)} addr ${host} port ${port}`);
      const after = (await serversOf(run, backend)).find((one) => one['srv_name'] === server);
      if (after?.['srv_addr'] !== host || after['srv_port'] !== String(port)) throw businessFailure('VerificationFailed', `${server} of ${backend} is at ${after?.['srv_addr'] ?? ''}:${after?.['srv_port'] ?? ''}, not at ${host}:${port}`);
    },
  };
}

async function members(run: RunCommand, backend: string): Promise<MemberTraffic[]> {
  const servers = await serversOf(run, backend);
  const stats = await statsOf(run, servers);
  return servers.map((server): MemberTraffic => {
    const memberId = server['srv_name'] ?? '';
    const stat = stats.find(({ svname }) => svname === memberId);
    return { memberId, weight: Number(server['srv_uweight']), state: stateOf(server), inFlight: countOf(stat?.['scur']), waiting: countOf(stat?.['qcur']) };
  });
}

async function serversOf(run: RunCommand, backend: string): Promise<Record<string, string>[]> {
  return parseServersState(await run(`show servers state ${nameOf(backend)}`));
}

/** By the backend's number: a frontend may have the same name, and would be told instead. */
async function statsOf(run: RunCommand, servers: readonly Record<string, string>[]): Promise<Record<string, string>[]> {
  const id = servers[0]?.['be_id'];
  return id === undefined ? [] : parseStat(await run(`show stat ${id} 4 -1`));
}

function stateOf({ srv_admin_state: admin, srv_op_state: operation }: Record<string, string>): MemberTraffic['state'] {
  const bits = Number(admin);
  if ((bits & MAINTENANCE) !== 0) return 'maintenance';
  if ((bits & DRAIN) !== 0) return 'draining';
  return operation === RUNNING ? 'ready' : 'down';
}

function countOf(text: string | undefined): number | null {
  return text === undefined || text === '' ? null : Number(text);
}

/** Names go into commands: nothing else may. @throws InvalidInput */
export function nameOf(name: string): string {
  if (!/^[A-Za-z0-9_.:-]+$/.test(name)) throw businessFailure('InvalidInput', `"${name}" is no name of HAProxy; expected letters, digits and _ . : -`);
  return name;
}
