import type { Client, Workflow, WorkflowHandle } from '@temporalio/client';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import { createActorActivities } from '../../../src/activities/actor-activities';
import { createCapacityActivities } from '../../../src/activities/capacity-activities';
import { createCapacitySurvey } from '../../../src/activities/capacity-survey';
import { createGroupActivities } from '../../../src/activities/group-activities';
import { createHoldActivities } from '../../../src/activities/hold-activities';
import { createLeftoverActivities } from '../../../src/activities/leftover-activities';
import { createRegionActivities } from '../../../src/activities/region-activities';
import { createReplicaActivities } from '../../../src/activities/replica-activities';
import { createShadowActivities } from '../../../src/activities/shadow-activities';
import { createTrafficActivities } from '../../../src/activities/traffic-activities';
import { createHeldCapacity } from '../../../src/adapters/temporal/held-capacity';
import type { AuditEntry } from '../../../src/contracts/audit';
import type { CapacityNeedNow, PreAllocateInput } from '../../../src/contracts/pre-allocate-capacity';
import { PRE_ALLOCATE_CAPACITY } from '../../../src/contracts/pre-allocate-capacity';
import type { ProvisionAcceptance, ProvisionReplicasInput, ProvisionReplicasResult } from '../../../src/contracts/provision-replicas';
import { PROVISION_MESSAGES, PROVISION_REPLICAS } from '../../../src/contracts/provision-replicas';
import { capacityWorkflowId, replicasWorkflowId } from '../../../src/contracts/workflow-ids';
import type { HoldState } from '../../../src/workflows/pre-allocate-capacity/hold';
import type { KeptReplicas } from '../../../src/workflows/provision-replicas/keep-replicas';
import { portOf } from '../../activities/fake-ports';
import { POLICY } from '../fixtures';
import { startDevServer } from '../dev-server';
import { BUNDLE, quietRuntime } from '../saga-bench';
import { SkippingServer } from '../skipping-server';
import { FakeCloud, SHAPES } from './fake-cloud';

const TASK_QUEUE = 'capacity-bench';
const QUEUES: Readonly<Record<string, string>> = { 'us-east-1': TASK_QUEUE, 'us-west-2': `${TASK_QUEUE}-us-west-2`, 'sa-east-1': `${TASK_QUEUE}-sa-east-1` };
export const TEMPLATE = { instanceId: 'i-00000001' };

/** The real activities on a fake cloud, and the built workflows on a server that skips time. A new cloud for each test. */
export class CapacityBench {
  cloud = new FakeCloud();
  need: CapacityNeedNow = { needFromMs: null, shortfall: { vcpus: 0, memoryMiB: 0 }, why: [] };
  quota: { limitVcpus: number; usedVcpus: number } | null = null;
  readonly audit: AuditEntry[] = [];
  private count = 0;
  private pollMs = POLICY.pollMs;

  private constructor(private server: Pick<SkippingServer, 'env' | 'stop'> | null) {}

  /** For what many workflows do at once: the server that skips time does not bear it. */
  static async startInRealTime({ pollMs = POLICY.pollMs, serverSettings = {} }: { readonly pollMs?: number; readonly serverSettings?: Readonly<Record<string, string>> } = {}): Promise<CapacityBench> {
    quietRuntime();
    const bench = new CapacityBench(null);
    bench.pollMs = pollMs;
    const env = await startDevServer(serverSettings);
    const worker = await Worker.create({ connection: env.nativeConnection, namespace: env.namespace ?? 'default', taskQueue: TASK_QUEUE, workflowBundle: { codePath: BUNDLE }, activities: bench.activities() });
    const running = worker.run();
    bench.server = {
      env,
      async stop() {
        worker.shutdown();
        await running;
        await env.teardown();
      },
    };
    return bench;
  }


  /** @param options no cached workflow: every step is taken by a worker that replays all before it, as after the death of another */
  static async start(options: { readonly maxCachedWorkflows?: number } = {}): Promise<CapacityBench> {
    const bench = new CapacityBench(null);
    const server = await SkippingServer.start(TASK_QUEUE, bench.activities(), options);
    bench.server = server;
    return bench;
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  get env() {
    if (this.server === null) throw new Error('the bench is not started');
    return this.server.env;
  }

  get client(): Client {
    return this.env.client;
  }

  fresh(): FakeCloud {
    this.cloud = new FakeCloud();
    this.quota = null;
    this.audit.length = 0;
    return this.cloud;
  }

  request(change: Partial<ProvisionReplicasInput> = {}): ProvisionReplicasInput {
    return { requestId: `request-${(this.count += 1)}`, template: TEMPLATE, demand: { peak: { vcpus: 2.8, memoryMiB: 4096 } }, count: 2, ...change };
  }

  /** @param kept what an earlier run of the workflow left to this one */
  async start(request: ProvisionReplicasInput, kept?: KeptReplicas): Promise<WorkflowHandle> {
    return this.client.workflow.start(PROVISION_REPLICAS, { taskQueue: TASK_QUEUE, workflowId: replicasWorkflowId(request.requestId), args: kept === undefined ? [request] : [request, kept] });
  }

  async run(request: ProvisionReplicasInput): Promise<ProvisionReplicasResult> {
    return (await (await this.start(request)).result()) as ProvisionReplicasResult;
  }

  ask(request: ProvisionReplicasInput): Promise<ProvisionAcceptance> {
    const startWorkflowOperation = new WithStartWorkflowOperation(PROVISION_REPLICAS, { workflowId: replicasWorkflowId(request.requestId), taskQueue: TASK_QUEUE, args: [request], workflowIdConflictPolicy: 'USE_EXISTING' });
    return this.client.workflow.executeUpdateWithStart<Workflow, ProvisionAcceptance, [ProvisionReplicasInput]>(PROVISION_MESSAGES.accept, { startWorkflowOperation, args: [request] });
  }

  async hold(input: PreAllocateInput, kept?: HoldState): Promise<WorkflowHandle> {
    return this.client.workflow.start(PRE_ALLOCATE_CAPACITY, { taskQueue: TASK_QUEUE, workflowId: capacityWorkflowId(input.pool, input.window), args: kept === undefined ? [input] : [input, kept] });
  }

  /** Now, as the server's skipped time has it. */
  nowMs(): Promise<number> {
    return this.env.currentTimeMs();
  }

  /** A worker of another region, with a cloud of its own. Returns what ends it. */
  async serveAlso(region: string, cloudNow: () => FakeCloud): Promise<() => Promise<void>> {
    const worker = await Worker.create({ connection: this.env.nativeConnection, namespace: this.env.namespace ?? 'default', taskQueue: QUEUES[region] ?? '', activities: this.activities(region, cloudNow) });
    const running = worker.run();
    return async () => {
      worker.shutdown();
      await running;
    };
  }

  private activities(region = 'us-east-1', cloudNow = () => this.cloud) {
    const cloud = <K extends 'reservationPort' | 'compute' | 'balancer' | 'disks' | 'replicaPort' | 'groupPort'>(name: K): FakeCloud[K] =>
      new Proxy({}, { get: (_, member) => Reflect.get(cloudNow()[name], member) as unknown }) as FakeCloud[K];
    const [reservations, compute, balancer, disks, replicas, groups] = [cloud('reservationPort'), cloud('compute'), cloud('balancer'), cloud('disks'), cloud('replicaPort'), cloud('groupPort')];
    const append = async (entry: AuditEntry) => {
      if (!this.audit.some(({ key }) => key === entry.key)) this.audit.push(entry);
      return { seq: 1, hash: 'h', detailDigest: 'd' };
    };
    return {
      resolvePolicy: async () => ({ ...POLICY, pollMs: this.pollMs }),
      recordAudit: append,
      ...createActorActivities(null, Date.now),
      ...createCapacityActivities(reservations, createHeldCapacity(() => Context.current().client, (pool, zone, shape) => reservations.findHolders(pool, zone, shape))),
      ...createHoldActivities({ reservations, compute, balancer, replicas }),
      ...createGroupActivities({ groups, compute }),
      ...createRegionActivities({ region, queues: QUEUES }),
      ...createReplicaActivities({ compute, balancer, replicas, reservations }),
      ...createCapacitySurvey({ compute, catalogue: async () => SHAPES, quotas: { standardVcpus: async () => this.quota } }),
      ...createShadowActivities({ compute, computeIn: () => compute, disks, fetch: async () => ({ status: 200, digest: 'same' }) }),
      ...createTrafficActivities(balancer, portOf({})),
      ...createLeftoverActivities({ compute, disks, reservations, balancer }),
      forecastWindow: async () => this.need,
    };
  }
}
