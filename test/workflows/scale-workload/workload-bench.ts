import type { WorkflowHandle } from '@temporalio/client';
import { createGroupActivities } from '../../../src/activities/group-activities';
import { createScaleActivities } from '../../../src/activities/scale-activities';
import type { ResizeInPlaceInput } from '../../../src/contracts/adjust-shape';
import type { AuditEntry } from '../../../src/contracts/audit';
import { businessFailure, retryableFailure } from '../../../src/contracts/errors';
import { SCALE_WORKLOAD, type ScaleWorkloadInput, type ScaleWorkloadResult, type WorkloadStatus } from '../../../src/contracts/scale-workload';
import type { BurstPrediction } from '../../../src/domain/profiles/burst-prediction';
import type { ProfileBand } from '../../../src/domain/workload-scaling/scaling-look';
import { FACTS, portOf } from '../../activities/fake-ports';
import { FakeCloud, SHAPES } from '../capacity/fake-cloud';
import { POLICY } from '../fixtures';
import { SkippingServer, type SkippingServerOptions } from '../skipping-server';

const TASK_QUEUE = 'workload-bench';
const MEMBERS = ['i-0000000a', 'i-0000000b'];
export const BAND: ProfileBand = { profile: 'cpuPercent app=web 3', use: { levels: [0.1, 0.5, 0.9], values: [30, 40, 60] }, typicalBurstMinutes: 10, notes: [] };
export type Scale = (input: ScaleWorkloadInput) => Promise<ScaleWorkloadResult>;

/** One workload: its load, its profile, its group or its instances. */
export class FakeWorkload {
  readonly cloud = new FakeCloud();
  readonly group = this.cloud.addGroup('web-asg');
  members: readonly string[] = MEMBERS;
  readonly shapes = new Map(MEMBERS.map((id) => [id, 'm7i.large']));
  /** In percent of two members, at a time. */
  load: (nowMs: number) => number = () => 40;
  band: ProfileBand | null = BAND;
  burst: BurstPrediction | null = null;
  asked = 0;
  /** Instances that cannot become another type, or lose the answer. */
  readonly stuck = new Map<string, readonly string[]>();

  constructor(readonly tag: string) {}
}

/** The real decisions on a fake cloud, on a server that skips time. Workloads are told apart by their tags. */
export class WorkloadBench {
  readonly audit: AuditEntry[] = [];
  private readonly workloads = new Map<string, FakeWorkload>();

  private constructor(private server: SkippingServer | null) {}

  static async start(options: SkippingServerOptions = {}): Promise<WorkloadBench> {
    const bench = new WorkloadBench(null);
    bench.server = await SkippingServer.start(TASK_QUEUE, bench.activities(), options);
    return bench;
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  get env() {
    if (this.server === null) throw new Error('the bench is not started');
    return this.server.env;
  }

  fresh(name: string): FakeWorkload {
    const workload = new FakeWorkload(`app=${name}`);
    this.workloads.set(workload.tag, workload);
    this.audit.length = 0;
    return workload;
  }

  begin({ tag }: FakeWorkload, change: object = {}): Promise<WorkflowHandle<Scale>> {
    const input = { tag, by: { kind: 'group', autoScalingGroup: 'web-asg' }, mode: 'act', ...change };
    return this.env.client.workflow.start(SCALE_WORKLOAD, { taskQueue: TASK_QUEUE, workflowId: `workload/${tag}`, args: [input] }) as Promise<WorkflowHandle<Scale>>;
  }

  async until(handle: WorkflowHandle<Scale>, holds: (status: WorkloadStatus) => boolean): Promise<WorkloadStatus> {
    for (;;) {
      const status = await handle.query<WorkloadStatus>('status');
      if (holds(status)) return status;
      await this.env.sleep('1m');
    }
  }

  private activities(): object {
    const of = (tag: string): FakeWorkload => {
      const found = this.workloads.get(tag);
      if (found === undefined) throw new Error(`nobody made ${tag}`);
      return found;
    };
    const groupsOf = (tag: string) => createGroupActivities({ groups: of(tag).cloud.groupPort, compute: portOf({ shape: async (name) => shapeNamed(name) }) });
    const ofOwner = ({ owner }: { owner: { workflowId: string } }) => groupsOf(owner.workflowId.slice('workload/'.length));
    return {
      resolvePolicy: async () => ({ ...POLICY, pollMs: 1_000 }),
      recordAudit: async (entry: AuditEntry) => {
        if (!this.audit.some(({ key }) => key === entry.key)) this.audit.push(entry);
        return { seq: 1, hash: 'h', detailDigest: 'd' };
      },
      weighWorkload: (args: Parameters<ReturnType<typeof createScaleActivities>['weighWorkload']>[0]) => scaleActivitiesOf(of(args.tag), groupsOf(args.tag).lookAtGroup).weighWorkload(args),
      lookAtGroup: (args: never) => ofOwner(args).lookAtGroup(args),
      raiseGroup: (args: never) => ofOwner(args).raiseGroup(args),
      lowerGroup: (args: never) => ofOwner(args).lowerGroup(args),
      // It has no owner: one group serves.
      awaitGroup: async (args: never) => {
        const [last] = [...this.workloads.keys()].slice(-1);
        return groupsOf(last ?? '').awaitGroup(args);
      },
      recallResize: async () => null,
      inspectForResize: async ({ instanceId, shape = '' }: ResizeInPlaceInput) => this.inspect(instanceId, shape),
      deregisterTarget: async () => undefined,
      registerTarget: async () => undefined,
      stopShadow: async () => undefined,
      startShadow: async () => undefined,
      awaitTargetDrained: async () => undefined,
      awaitTargetHealthy: async () => undefined,
      awaitInstanceStopped: async () => undefined,
      awaitInstanceRunning: async () => undefined,
      awaitInstanceHealthy: async () => undefined,
      isRunningAs: async () => true,
      changeShape: async ({ instanceId, shape }: { instanceId: string; shape: string }) => void this.owning(instanceId, shape).shapes.set(instanceId, shape),
    };
  }

  private owning(instanceId: string, shape: string): FakeWorkload {
    const [workload] = [...this.workloads.values()].slice(-1);
    if (workload === undefined) throw new Error('nobody made a workload');
    if (workload.stuck.get(instanceId)?.includes(shape) === true) throw businessFailure('InsufficientCapacity', `no room for a ${shape}`);
    return workload;
  }

  private inspect(instanceId: string, shape: string): object {
    const workload = this.owning(instanceId, shape);
    return { name: instanceId, service: 'web', fleet: null, zone: 'us-east-1a', shape: workload.shapes.get(instanceId), targets: [], move: { slaClass: 'standard', sourcePool: 'us-east-1a', costUsd: 0 }, cost: { usdPerHourBefore: 0.1, usdPerHourAfter: 0.2, oneOffUsd: 0 } };
  }
}

function shapeNamed(name: string): (typeof SHAPES)[number] {
  const found = SHAPES.find((one) => one.name === name);
  if (found === undefined) throw businessFailure('NotFound', `there is no ${name}`);
  return found;
}

function scaleActivitiesOf(workload: FakeWorkload, lookAtGroup: ReturnType<typeof createGroupActivities>['lookAtGroup']) {
  const serving = (): number => {
    const larger = [...workload.shapes.values()].every((shape) => shape === 'm7i.xlarge') ? 2 : 1;
    return Math.min(workload.group.desired, workload.group.capacity) * larger;
  };
  return createScaleActivities({
    compute: portOf({ describe: async (instanceId) => ({ ...FACTS, instanceId, shape: workload.shapes.get(instanceId) ?? 'm7i.large' }), shape: async (name) => shapeNamed(name) }),
    members: { membersOf: async () => workload.members },
    metrics: {
      loadSeries: async ([instanceId = ''], { startAtMs, endAtMs, stepMs }) => [{ instanceId, metric: 'cpuPercent', startAtMs, stepMs, values: [null, Math.min(100, (workload.load(endAtMs) * 2) / serving()), null] }],
    },
    profiles: {
      bandNow: async () => workload.band,
      predictBurst: async () => {
        workload.asked += 1;
        if (workload.asked === 1 && workload.burst?.reason === 'lost once') throw retryableFailure('Unavailable', 'the profiles cannot be read');
        return workload.burst;
      },
    },
    lookAtGroup,
  });
}
