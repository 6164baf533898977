import type { WorkflowHandle, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { TargetGroup } from '../../../src/activities/balancer-port';
import type { ComputePort, InstanceFacts } from '../../../src/activities/compute-port';
import { createPlanActivities } from '../../../src/activities/plan-activities';
import type { PlanDependencies } from '../../../src/activities/plan-dependencies';
import { recheckPlannedMoves } from '../../../src/activities/weigh-fleet';
import type { AuditEntry } from '../../../src/contracts/audit';
import type { EnqueueAnswer } from '../../../src/contracts/migration-queue';
import { SHAPE_FLEET, TICK_MESSAGES, type ShapeFleetResult, type TickStatus } from '../../../src/contracts/shape-fleet';
import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import type { AutonomyDecision } from '../../../src/domain/autonomy/decide-autonomy';
import type { Isolation } from '../../../src/domain/isolation';
import type { OwnedCapacity } from '../../../src/domain/owned-capacity';
import type { MoveOutlook } from '../../../src/domain/queue/adjust-moves';
import type { MoveRequest } from '../../../src/domain/queue/move-request';
import type { BurstCredits } from '../../../src/domain/sizing/burst-credits';
import type { PastMove } from '../../../src/domain/sizing/learn-durations';
import { FACTS, portOf } from '../../activities/fake-ports';
import { memoryPlans } from '../../activities/memory-plans';
import { SHAPES, cpuForecast, shapeNamed } from '../../../infra/bench/plan/generated-fleet';
import { SkippingServer } from '../skipping-server';

export type ShapeFleet = (input?: object) => Promise<ShapeFleetResult>;

const TASK_QUEUE = 'plan-bench';
const HISTORY = [10, 11];

/** A fleet that exists in memory: what it is, what its load will be, and what the queue was asked for. */
export class FakeFleet {
  readonly instances: InstanceFacts[] = [];
  /** Percent of CPU to come, by instance. */
  readonly percent = new Map<string, number>();
  readonly plans = memoryPlans();
  readonly queued: { readonly fleet: string; readonly requests: readonly MoveRequest[] }[] = [];
  readonly predicted: { readonly fleet: string; readonly outlooks: readonly MoveOutlook[] }[] = [];
  owned: OwnedCapacity[] = [];
  groups: TargetGroup[] = [];
  credits = new Map<string, BurstCredits>();
  readonly audit: AuditEntry[] = [];
  isolations: Isolation[] = [];
  pastMoves: PastMove[] = [];
  /** What services have earned; the others have no record. */
  readonly earned = new Map<string, AutonomyDecision>();
  /** Services whose mode was asked for. */
  readonly askedOf: string[] = [];
  /** Calls of anything that changes the world beyond database and audit. */
  get mutations(): number {
    return this.queued.length;
  }

  add(instanceId: string, percent: number, tags: Record<string, string> = {}): this {
    this.instances.push({ ...FACTS, instanceId, shape: 'm7i.xlarge', tags: { Name: instanceId, 'foreshift:fleet': 'shop', 'foreshift:service': `service-of-${instanceId}`, ...tags } });
    this.percent.set(instanceId, percent);
    return this;
  }

  readonly dependencies: PlanDependencies = {
    compute: portOf<ComputePort>({
      listTagged: async () => this.instances,
      describe: async (instanceId) => this.instances.find((one) => one.instanceId === instanceId) ?? FACTS,
      shape: async (name) => shapeNamed(name),
      compatibleShapes: async () => SHAPES,
      zones: async () => ['us-east-1a', 'us-east-1b'].map((zone) => ({ zone, subnetId: `subnet-${zone}`, offeredShapes: SHAPES.map(({ name }) => name) })),
    }),
    disks: { describeVolumes: async (ids) => ids.map((volumeId) => ({ volumeId, sizeGiB: 8, volumeType: 'gp3' })) },
    burst: { creditsOf: async () => this.credits },
    owned: { list: async () => this.owned },
    balancer: { groups: async () => this.groups },
    isolations: { active: async () => this.isolations },
    metrics: { loadSeries: async (ids, { startAtMs, stepMs }) => ids.map((instanceId) => ({ instanceId, metric: 'cpuPercent' as const, startAtMs, stepMs, values: HISTORY })) },
    forecaster: {
      forecast: async (series) =>
        series.flatMap(({ instanceId }) => {
          const percent = this.percent.get(instanceId);
          return percent === undefined ? [] : [{ ...cpuForecast(() => percent), issuedAtMs: Date.now(), subject: { kind: 'instance' as const, instanceId } }];
        }),
    },
    models: { champions: async () => [] },
    calibrations: { read: async () => [] },
    plans: this.plans,
    forecasts: { save: async () => undefined },
    queues: {
      enqueue: async (fleet, requests) => {
        this.queued.push({ fleet, requests });
        return requests.map(({ itemId }, i): EnqueueAnswer => ({ itemId, kind: 'queued', position: i + 1 }));
      },
      predict: async (fleet, outlooks) => {
        this.predicted.push({ fleet, outlooks });
        return outlooks.length;
      },
    },
    earnMode: async ({ pool }) => {
      this.askedOf.push(pool);
      return this.earned.get(pool) ?? { mode: 'propose', change: 'stays', reasons: ['approve-risky is not earned yet'], missing: ['no drill of the way back is on record: propose at most'] };
    },
    policy: DEFAULT_PLAN_POLICY,
    pastMoves: async () => this.pastMoves,
    now: Date.now,
    heartbeat: () => undefined,
  };

  /** Why a plan's move is no longer wanted; null where it is. */
  async recheck(planId: string, instanceId: string): Promise<string | null> {
    return (await recheckPlannedMoves(this.dependencies, planId, [instanceId])).get(instanceId) ?? null;
  }
}

/** The built workflow on a Temporal server that skips time, with the real activities over ports in memory. */
export class PlanBench {
  fleet = new FakeFleet();
  private count = 0;
  private server: SkippingServer | null = null;

  private get env(): TestWorkflowEnvironment {
    if (this.server === null) throw new Error('the bench is not started');
    return this.server.env;
  }

  static async start(): Promise<PlanBench> {
    const bench = new PlanBench();
    const activities = (): Record<string, (args: never) => unknown> => createPlanActivities(bench.fleet.dependencies) as never;
    bench.server = await SkippingServer.start(TASK_QUEUE, {
      ...Object.fromEntries(Object.keys(activities()).map((name) => [name, (args: never) => activities()[name]?.(args)])),
      recordAudit: async (entry: AuditEntry) => {
        if (!bench.fleet.audit.some(({ key }) => key === entry.key)) bench.fleet.audit.push(entry);
        return { seq: 1, hash: 'h', detailDigest: 'd' };
      },
    });
    return bench;
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  fresh(): FakeFleet {
    this.fleet = new FakeFleet();
    return this.fleet;
  }

  /** `name` ends the workflow id; default: a number. */
  async begin(input?: unknown, name = String((this.count += 1))): Promise<WorkflowHandleWithFirstExecutionRunId<ShapeFleet>> {
    const workflowId = `fleet/test/tick/${name}`;
    return (await this.env.client.workflow.start(SHAPE_FLEET, { taskQueue: TASK_QUEUE, workflowId, args: input === undefined ? [] : [input] })) as WorkflowHandleWithFirstExecutionRunId<ShapeFleet>;
  }

  firstShardOf({ workflowId, firstExecutionRunId }: WorkflowHandleWithFirstExecutionRunId<ShapeFleet>): WorkflowHandle {
    return this.env.client.workflow.getHandle(`${workflowId}/shard-0/${firstExecutionRunId}`);
  }

  async run(input?: unknown): Promise<ShapeFleetResult> {
    return (await this.begin(input)).result();
  }

  /** Waits until a tick's plan waits for approval. */
  async proposed(handle: WorkflowHandle<ShapeFleet>): Promise<NonNullable<TickStatus['awaitingApproval']>> {
    for (;;) {
      const { awaitingApproval } = await handle.query<TickStatus>(TICK_MESSAGES.status);
      if (awaitingApproval !== null) return awaitingApproval;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
