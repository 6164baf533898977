import type { Client, WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkerOptions } from '@temporalio/worker';
import { createRoutingActivities } from '../../../src/activities/routing-activities';
import type { AuditEntry } from '../../../src/contracts/audit';
import { businessFailure, retryableFailure } from '../../../src/contracts/errors';
import type { RouteRequestsResult, RoutingActivities, RoutingStatus } from '../../../src/contracts/route-requests';
import type { ResourceForecast } from '../../../src/domain/forecast';
import { DEFAULT_ROUTING_POLICY } from '../../../src/domain/routing/routing-policy';
import type { Routing } from '../../../src/domain/routing/routing-recommendation';
import { SkippingServer } from '../skipping-server';

const TASK_QUEUE = 'routing-bench';
const MINUTE_MS = 60_000;
const NAMES: readonly (keyof RoutingActivities)[] = ['forecastMembers', 'decideRouting', 'steerRequests', 'verifyRouting', 'releaseRequests', 'clearRouting', 'followMember'];

/** A balancer in memory. */
export class FakeBalancer {
  served: Routing | null = null;
  /** What was done, in order. */
  readonly did: string[] = [];
  readonly didAtMs: number[] = [];
  readonly audit: AuditEntry[] = [];
  inFlight = 0;
  /** CPU of the first instance at its peak, forecast one after the other; the last again and again; null: it cannot be forecast. */
  cpuPercent: (number | null)[] = [50];
  /** Fails these: for ever, or once after the act was done. */
  readonly failing = new Map<string, 'refused' | 'reply lost' | 'not ready'>();

  activities(now: () => number): RoutingActivities {
    const act = async (name: string, done: () => void): Promise<void> => {
      const failure = this.failing.get(name);
      if (failure === 'refused') throw businessFailure('Unauthorized', `${name} is not allowed`);
      if (failure === 'not ready') throw retryableFailure('NotReadyYet', `${name} is not ready`);
      this.did.push(name);
      this.didAtMs.push(now());
      done();
      if (failure === 'reply lost') {
        this.failing.delete(name);
        throw retryableFailure('Unavailable', `the answer of ${name} was lost`);
      }
    };
    return createRoutingActivities({
      policy: DEFAULT_ROUTING_POLICY,
      now,
      forecast: async (owners) => {
        const next = this.cpuPercent.length > 1 ? this.cpuPercent.shift() : this.cpuPercent[0];
        return owners.flatMap(({ instanceId }, i) => (i === 0 && next === null ? [] : [cpuForecast(instanceId, i === 0 ? (next ?? 0) : 20, now())]));
      },
      routerOf: () => ({
        steer: (_owner, _service, routing) => act('steer', () => (this.served = routing)),
        deviations: async (_owner, _service, wanted) => (JSON.stringify(this.served) === JSON.stringify(wanted) ? [] : ['it serves something else']),
        release: () => act('release', () => (this.served = null)),
        clear: () => act('clear', () => undefined),
        load: async () => ({ inFlight: this.inFlight, waiting: 0 }),
        follow: (_service, memberId, { host, port }) => act(`follow ${memberId} to ${host}:${port}`, () => undefined),
      }),
    });
  }
}

function cpuForecast(instanceId: string, peak: number, nowMs: number): ResourceForecast {
  return { subject: { kind: 'instance', instanceId }, metric: 'cpuPercent', unit: 'percent', issuedAtMs: nowMs, stepMs: 300_000, horizonMs: 300_000, levels: [0.5, 0.9], quantiles: [[peak, peak]], mean: [peak], peak: [peak, peak], origin: { model: 'gate', version: '1', digest: 'd' } };
}

export type Route = (input: object) => Promise<RouteRequestsResult>;

/** The built workflow on a Temporal server that skips time, with a balancer in memory: a fresh one a service. */
export class RoutingBench {
  balancer = new FakeBalancer();
  service = '';
  private count = 0;

  private constructor(private readonly server: SkippingServer) {}

  static async start(more: Pick<WorkerOptions, 'maxCachedWorkflows'> = {}): Promise<RoutingBench> {
    const recordAudit = async (entry: AuditEntry) => {
      const { audit } = bench.balancer;
      if (!audit.some(({ key }) => key === entry.key)) audit.push(entry);
      return { seq: 1, hash: 'h', detailDigest: 'd' };
    };
    // The balancer's and the workers' clock is the server's.
    const answer = (name: keyof RoutingActivities) => async (args: never) => {
      const nowMs = await bench.nowMs();
      return (bench.balancer.activities(() => nowMs)[name] as (args: never) => Promise<unknown>)(args);
    };
    const bench: RoutingBench = new RoutingBench(await SkippingServer.start(TASK_QUEUE, { recordAudit, listLeftovers: async () => (bench.balancer.served === null ? [] : ['target group fs-group-0-1/2']), ...Object.fromEntries(NAMES.map((name) => [name, answer(name)])) }, more));
    return bench;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  get env(): TestWorkflowEnvironment {
    return this.server.env;
  }

  private get client(): Client {
    return this.server.env.client;
  }

  /** Another service, and another balancer. */
  fresh(service = `shop-${(this.count += 1)}`): FakeBalancer {
    this.service = service;
    return (this.balancer = new FakeBalancer());
  }

  nowMs(): Promise<number> {
    return this.env.currentTimeMs();
  }

  inputOf(more: object = {}) {
    return {
      service: this.service,
      balancer: { kind: 'haproxy', name: 'edge', backends: ['web'], mapFile: '/etc/haproxy/foreshift.map' },
      members: [{ memberId: 'a' }, { memberId: 'b' }, { memberId: 'c' }],
      classes: [{ name: 'checkout', priority: 'high', backend: 'web_checkout' }, { name: 'browse', priority: 'low', backend: 'web_browse' }],
      ...more,
    };
  }

  async outlook(loadOfA: number, more: object = {}) {
    return {
      atMs: await this.nowMs(),
      horizonMs: 30 * MINUTE_MS,
      members: [loadOfA, 30, 30].map((value, i) => ({ memberId: 'abc'[i], capacity: 100, load: [{ level: 0.9, value }], ...(i === 0 ? more : {}) })),
      classShares: { checkout: 0.3, browse: 0.7 },
    };
  }

  start(input: object, workflowId = `routing/${this.service}`): Promise<WorkflowHandle<Route>> {
    return this.client.workflow.start('routeRequests', { taskQueue: TASK_QUEUE, workflowId, args: [input] });
  }

  async recommend(loadOfA = 90, more: object = {}, input: object = {}): Promise<WorkflowHandle<Route>> {
    return this.client.workflow.signalWithStart('routeRequests', {
      taskQueue: TASK_QUEUE,
      workflowId: `routing/${this.service}`,
      args: [this.inputOf(input)],
      signal: 'recommend',
      signalArgs: [{ outlook: await this.outlook(loadOfA, more), by: 'ada' }],
    });
  }

  /** Looks at the status until it is as wanted; no time is skipped meanwhile. */
  async until(handle: WorkflowHandle<Route>, wanted: (status: RoutingStatus) => boolean): Promise<RoutingStatus> {
    for (let look = 0; look < 200; look += 1) {
      const status = await handle.query<RoutingStatus>('status');
      if (wanted(status)) return status;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('not within five seconds');
  }
}
