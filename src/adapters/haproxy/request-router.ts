import type { RequestRouter } from '../../activities/request-router-port';
import type { TrafficAdapter } from '../../activities/traffic-adapter-port';
import { businessFailure, nullIfNotFound } from '../../contracts/errors';
import type { RequestClass, RoutedService } from '../../domain/routing/routed-service';
import { routingDeviations } from '../../domain/routing/routing-deviations';
import type { ClassRouting, Routing } from '../../domain/routing/routing-recommendation';
import { parseMap } from './parse-answers';
import type { RunCommand } from './runtime-api';
import { nameOf } from './traffic-adapter';

type HaproxyBalancer = Extract<RoutedService['balancer'], { kind: 'haproxy' }>;

/** The map's values are whole numbers: shed parts of 1000. */
const SHED_SCALE = 1_000;

/**
 * Routing by HAProxy's own configuration (docs/routing.md): a frontend chooses a class's backend while the map's end has not come, else the plain one. HAProxy compares that end with
 * its own clock, so that a recommendation ends also where nobody is left to end it.
 */
export function createHaproxyRouter(run: RunCommand, traffic: TrafficAdapter): RequestRouter {
  return {
    async steer(_owner, service, { classes, untilMs }) {
      const map = await readMap(run, service);
      for (const { name, weights, shedRatio } of classes) {
        await traffic.weigh(backendOf(service, name), weights);
        await put(run, service, map, shedKey(service, name), Math.round(shedRatio * SHED_SCALE));
      }
      // Last: with it all of the above begins.
      await put(run, service, map, untilKey(service), Math.ceil(untilMs / 1000));
    },
    async deviations(_owner, service, wanted) {
      if (wanted === null && (await knownMap(run, service)) === null) return [];
      const found = await steered(run, traffic, service);
      if (wanted === null) return found === null ? [] : [`HAProxy routes until ${new Date(found.untilMs).toISOString()}`];
      return found === null ? ['HAProxy routes as without Foreshift'] : routingDeviations(wanted, found);
    },
    async release(_owner, service) {
      const map = await knownMap(run, service);
      // What the configuration does not have was never set.
      if (map === null) return;
      await put(run, service, map, untilKey(service), 0);
      for (const { name } of service.classes) {
        await put(run, service, map, shedKey(service, name), 0);
        const backend = backendOf(service, name);
        // What the configuration says, as after a start of HAProxy.
        for (const { memberId } of (await traffic.members(backend).catch(nullIfNotFound)) ?? []) await run(`set server ${backend}/${nameOf(memberId)} weight 100%`);
      }
    },
    // Everything that the routing uses stands in the configuration.
    clear: async () => undefined,
    async load(service, memberId) {
      let [inFlight, waiting] = [0, 0];
      for (const backend of backendsOf(service)) {
        const member = (await traffic.members(backend)).find((one) => one.memberId === memberId);
        inFlight += member?.inFlight ?? 0;
        waiting += member?.waiting ?? 0;
      }
      return { inFlight, waiting };
    },
    async follow(service, memberId, to) {
      for (const backend of backendsOf(service)) await traffic.follow(backend, memberId, to);
    },
  };
}

/** Null where nothing is in effect. */
async function steered(run: RunCommand, traffic: TrafficAdapter, service: RoutedService): Promise<Routing | null> {
  const map = await readMap(run, service);
  const untilMs = 1000 * Number(map.get(untilKey(service)) ?? 0);
  if (untilMs === 0) return null;
  const classes: ClassRouting[] = [];
  for (const { name } of service.classes) {
    const members = await traffic.members(backendOf(service, name));
    classes.push({ name, weights: Object.fromEntries(members.map(({ memberId, weight }) => [memberId, weight])), shedRatio: Number(map.get(shedKey(service, name)) ?? 0) / SHED_SCALE });
  }
  return { classes, untilMs };
}

function knownMap(run: RunCommand, service: RoutedService): Promise<Map<string, string> | null> {
  return readMap(run, service).catch(nullIfNotFound);
}

async function readMap(run: RunCommand, service: RoutedService): Promise<Map<string, string>> {
  return parseMap(await run(`show map ${balancerOf(service).mapFile}`));
}

async function put(run: RunCommand, service: RoutedService, map: ReadonlyMap<string, string>, key: string, value: number): Promise<void> {
  if (map.get(key) === String(value)) return;
  await run(`${map.has(key) ? 'set' : 'add'} map ${balancerOf(service).mapFile} ${key} ${value}`);
}

function untilKey({ service }: RoutedService): string {
  return `${nameOf(service)}:until`;
}

function shedKey({ service }: RoutedService, name: string): string {
  return `${nameOf(service)}:shed:${nameOf(name)}`;
}

/** The plain backends and those of the classes, each once. */
function backendsOf(service: RoutedService): string[] {
  return [...new Set([...balancerOf(service).backends, ...service.classes.map(({ name }) => backendOf(service, name))])];
}

function backendOf({ classes }: RoutedService, name: string): string {
  const backend = classes.find((one: RequestClass) => one.name === name)?.backend;
  if (backend === undefined) throw businessFailure('InvalidInput', `class ${name} has no backend`);
  return nameOf(backend);
}

function balancerOf({ balancer }: RoutedService): HaproxyBalancer {
  if (balancer.kind !== 'haproxy') throw businessFailure('InvalidInput', `balancer.kind is ${balancer.kind}; expected haproxy`);
  if (!/^\/[\w./-]+$/.test(balancer.mapFile)) throw businessFailure('InvalidInput', `balancer.mapFile is "${balancer.mapFile}"; expected an absolute path`);
  return balancer;
}
