import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, makeTelemetryFilterString } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { provideTestServer } from '../../infra/local/tools/provision-tools';
import { readConfig } from '../../src/contracts/config';
import type { AutonomyActivities } from '../../src/contracts/autonomy';
import type { CapacityActivities } from '../../src/contracts/capacity-activities';
import { MIGRATE_INSTANCE } from '../../src/contracts/migrate-instance';
import type { MigrateInstanceInput, MigrateInstanceResult, MigrationStatus } from '../../src/contracts/migrate-instance';
import type { DriftActivities, ReapActivities } from '../../src/contracts/reap-orphans';
import type { RecoveryActivities } from '../../src/contracts/recover-migration';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes';
import { migrationWorkflowId } from '../../src/contracts/workflow-ids';
import type { FleetMode } from '../../src/domain/fleet-plan/plan-modes';
import { ActivityInterceptor } from '../../src/workers/activity-interceptor';
import { createActorActivities } from '../../src/activities/actor-activities';
import type { ActorDirectory } from '../../src/activities/actor-activities';
import { AUDITED_ACTS } from '../../src/activities/audited-acts';
import { createRegionActivities } from '../../src/activities/region-activities';
import { regionTaskQueue } from '../../src/contracts/task-queues';
import { createReapActivities } from '../../src/activities/reap-activities';
import { createRecoveryActivities } from '../../src/activities/recovery-activities';
import { createRunDirectory } from '../../src/adapters/temporal/run-directory';
import { startDevServer } from './dev-server';
import { FakeWorld } from './fake-world';
import type { Activity, WorldOptions } from './fake-world';
import { OTHER_REGION } from './fixtures';
import { WorldPorts } from './recovery/world-ports';
import { withinDeadline } from './within-deadline';

type Migrate = (input: MigrateInstanceInput) => Promise<MigrateInstanceResult>;
export type MigrationHandle = WorkflowHandle<Migrate>;

export const BUNDLE = join(__dirname, '..', '..', 'dist', 'workflow-bundle.js');
const TASK_QUEUE = 'saga-bench';
const QUEUES: Readonly<Record<string, string>> = { 'us-east-1': TASK_QUEUE, [OTHER_REGION]: regionTaskQueue(TASK_QUEUE, OTHER_REGION) };
const KEYWORD = 2;
/** A migration takes a second of real time at most. */
const DEADLINE_MS = 20_000;

/** Everything else in the interface; what is audited is listed there. */
const UNAUDITED: readonly Activity[] = [
  'resolvePolicy',
  'recordAudit',
  'describeSource',
  'forecastInstance',
  'listTargetOptions',
  'matchNetwork',
  'awaitSnapshots',
  'awaitInstanceStopped',
  'judgeTraffic',
  'awaitGroupQuiet',
  'lookAtSync',
];

/** Activities fail by the hundred here, as they are told to; only what nobody expects is logged. */
export function quietRuntime(): void {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } } });
}

/** The built workflows on a Temporal server that skips time, with fake worlds for activities: one world per instance. */
export class SagaBench {
  private nextInstance = 1;

  private constructor(
    readonly env: TestWorkflowEnvironment,
    private readonly worlds: Map<string, FakeWorld>,
    private readonly worker: Worker,
    private readonly running: Promise<void>,
  ) {}

  /** The same on a server that skips no time: one that does never goes on once a workflow was terminated while an activity of it ran. */
  static async startInRealTime(): Promise<SagaBench> {
    quietRuntime();
    return SagaBench.on(withinDeadline(await startDevServer(), DEADLINE_MS));
  }

  /** @param actors who may speak to its migrations; null: nobody is asked who they are */
  static async start(actors: ActorDirectory | null = null): Promise<SagaBench> {
    quietRuntime();
    const config = readConfig();
    const path = await provideTestServer({ ...config, env: process.env });
    const env = withinDeadline(await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } }), DEADLINE_MS);
    // The server holds every workflow up for ever that sets an attribute it does not know.
    await env.connection.operatorService.addSearchAttributes({
      namespace: env.namespace ?? 'default',
      searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map(({ name }) => [name, KEYWORD])),
    });
    return SagaBench.on(env, actors);
  }

  private static async on(env: TestWorkflowEnvironment, actors: ActorDirectory | null = null): Promise<SagaBench> {
    const worlds = new Map<string, FakeWorld>();
    const worker = await Worker.create({ ...workerOptions(env, worlds, 'us-east-1', actors), workflowBundle: { codePath: BUNDLE } });
    return new SagaBench(env, worlds, worker, worker.run());
  }

  /** Workers of the other region, which act on each world's other one. Returns what ends them. */
  serveElsewhere(): Promise<() => Promise<void>> {
    return endlessly(workerOptions(this.env, this.worlds, OTHER_REGION));
  }

  /** Another worker beside its own, such as one of a version. Returns what ends it. */
  async serveBeside(more: Pick<WorkerOptions, 'workerDeploymentOptions'>, activities: NonNullable<WorkerOptions['activities']>): Promise<() => Promise<void>> {
    const options = workerOptions(this.env, this.worlds, 'us-east-1');
    return endlessly({ ...options, ...more, workflowBundle: { codePath: BUNDLE }, activities: { ...options.activities, ...activities } });
  }

  async stop(): Promise<void> {
    this.worker.shutdown();
    await this.running;
    await this.env.teardown();
  }

  get client(): Client {
    return this.env.client;
  }

  /** A new instance in a world of its own. */
  world(options: Partial<WorldOptions> = {}): FakeWorld {
    const instanceId = options.instanceId ?? `i-${(this.nextInstance++).toString(16).padStart(17, '0')}`;
    const world = new FakeWorld({ ...options, instanceId });
    this.worlds.set(migrationWorkflowId(instanceId), world);
    return world;
  }

  /** Workflows under that id act on this world as well. */
  alias(workflowId: string, world: FakeWorld): void {
    this.worlds.set(workflowId, world);
  }

  async start(world: FakeWorld, input: Partial<MigrateInstanceInput> = {}, workflowId = migrationWorkflowId(world.source.instanceId)): Promise<MigrationHandle> {
    const args = [{ instanceId: world.source.instanceId, ...input }];
    // By name, as a client that does not have the workflow's code: the input may be one that the types refuse.
    return (await this.client.workflow.start(MIGRATE_INSTANCE, { taskQueue: TASK_QUEUE, workflowId, args })) as MigrationHandle;
  }

  /** Starts a migration and waits for its end; time is skipped meanwhile. */
  async run(world: FakeWorld, input: Partial<MigrateInstanceInput> = {}, workflowId?: string): Promise<MigrateInstanceResult> {
    return (await this.start(world, input, workflowId)).result();
  }

  /** The workflow whose id is the instance's lock. */
  holderOf(world: FakeWorld): MigrationHandle {
    return this.client.workflow.getHandle<Migrate>(migrationWorkflowId(world.source.instanceId));
  }

  /** Looks at the status until it is as wanted; no time is skipped meanwhile. */
  async until(handle: MigrationHandle, wanted: (status: MigrationStatus) => boolean): Promise<MigrationStatus> {
    for (let look = 0; look < 400; look += 1) {
      const status = await this.status(handle);
      if (wanted(status)) return status;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`not within ten seconds; the last status: ${JSON.stringify(await this.status(handle))}`);
  }

  status(handle: MigrationHandle): Promise<MigrationStatus> {
    return handle.query<MigrationStatus>('status');
  }
}

async function endlessly(options: WorkerOptions): Promise<() => Promise<void>> {
  const worker = await Worker.create(options);
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
  };
}

function workerOptions(env: TestWorkflowEnvironment, worlds: ReadonlyMap<string, FakeWorld>, region: string, actors: ActorDirectory | null = null): WorkerOptions {
  const names = [...UNAUDITED, ...(Object.keys(AUDITED_ACTS) as Activity[])];
  return {
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    taskQueue: QUEUES[region] ?? '',
    activities: { ...Object.fromEntries(names.map((name) => [name, (args: unknown) => answer(worlds, region, name, args)])), ...createRegionActivities({ region, queues: QUEUES }), ...createActorActivities(actors, Date.now), ...recoveryActivities(env, worlds), ...poolActivities(worlds) },
    interceptors: { activity: [(context) => ({ inbound: new ActivityInterceptor(context, { append: async (entry) => requireWorld(worlds, entry.workflowId).append(entry) }) })] },
    maxHeartbeatThrottleInterval: '20ms',
  };
}

/** The mode that the service of a world has earned; else it has no record. */
export const EARNED = new WeakMap<FakeWorld, FleetMode>();

function poolActivities(worlds: ReadonlyMap<string, FakeWorld>): AutonomyActivities & Pick<CapacityActivities, 'findPoolTemplate'> {
  const worldHere = (): FakeWorld => requireWorld(worlds, Context.current().info.workflowExecution?.workflowId ?? '');
  return {
    findPoolTemplate: async () => ({ instanceId: worldHere().source.instanceId }),
    earnMode: async () => ({ mode: EARNED.get(worldHere()) ?? 'propose', change: 'stays', reasons: ['so it was measured'], missing: [] }),
  };
}

/** What is left of a world, found and taken away through its ports. */
export const PORTS = new WeakMap<FakeWorld, WorldPorts>();

function recoveryActivities(env: TestWorkflowEnvironment, worlds: ReadonlyMap<string, FakeWorld>): ReapActivities & RecoveryActivities & DriftActivities {
  const runs = createRunDirectory(() => env.client);
  const portsHere = (): WorldPorts => {
    const world = requireWorld(worlds, Context.current().info.workflowExecution?.workflowId ?? '');
    const ports = PORTS.get(world) ?? new WorldPorts(world, runs);
    PORTS.set(world, ports);
    return ports;
  };
  return {
    surveyOrphans: async (args) => createReapActivities(portsHere().reaping(await env.currentTimeMs())).surveyOrphans(args),
    reapResource: async (args) => createReapActivities(portsHere().reaping(await env.currentTimeMs())).reapResource(args),
    checkDrift: async () => ({ drift: [], silent: [] }),
    surveyMove: (args) => createRecoveryActivities(portsHere().looking()).surveyMove(args),
  };
}

async function answer(worlds: ReadonlyMap<string, FakeWorld>, region: string, name: Activity, args: unknown): Promise<unknown> {
  const context = Context.current();
  const world = requireWorld(worlds, context.info.workflowExecution?.workflowId ?? '');
  return (region === OTHER_REGION ? world.elsewhere : world).answer(name, args, async () => {
    // Only a call that beats hears of its cancellation.
    const beat = setInterval(() => context.heartbeat(), 20);
    return context.cancelled.finally(() => clearInterval(beat));
  });
}

/** Why a workflow failed: the type and sentence of the failure that its client sees. */
export async function failureOf(work: Promise<unknown>): Promise<{ readonly name: string; readonly type: string; readonly message: string }> {
  const error: unknown = await work.then(
    (result) => new Error(`it did not fail but answered ${JSON.stringify(result)}`),
    (reason: unknown) => reason,
  );
  const cause = innermost(error instanceof WorkflowFailedError ? error.cause : error);
  return { name: cause?.name ?? '', type: (cause as { type?: string } | undefined)?.type ?? '', message: cause?.message ?? '' };
}

function innermost(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  return innermost(error.cause) ?? error;
}

function requireWorld(worlds: ReadonlyMap<string, FakeWorld>, workflowId: string): FakeWorld {
  const world = worlds.get(workflowId);
  if (world === undefined) throw new Error(`no world was made for ${workflowId}`);
  return world;
}
