import type { WorkflowHandle } from '@temporalio/client';
import type { MigrateInstanceInput } from '../../../src/contracts/migrate-instance';
import { REAP_ORPHANS, type ReapOrphansInput, type ReapOrphansResult } from '../../../src/contracts/reap-orphans';
import { RECOVER_MIGRATION, type RecoverMigrationInput, type RecoverMigrationResult } from '../../../src/contracts/recover-migration';
import { migrationWorkflowId, recoveryLookId } from '../../../src/contracts/workflow-ids';
import type { MigrationPolicy } from '../../../src/domain/migration-policy';
import type { RecoveryWay } from '../../../src/domain/recovery/assess-move';
import type { Activity, FakeWorld, Phase, WorldOptions } from '../fake-world';
import { POLICY } from '../fixtures';
import type { SagaBench } from '../saga-bench';

const TASK_QUEUE = 'saga-bench';
const GRACE_MS = 1_000;
/** The story of a move in a second. */
const FAST: MigrationPolicy = { ...POLICY, ramp: { ...POLICY.ramp, stepMs: 30, lookMs: 30, metricsSettleMs: 1 }, bakeMs: 60, weightsSettleMs: 5, pollMs: 20 };

/** Where a move is ended without a word: right after this act, before its reply. */
export type Moment = readonly [Activity, Phase];

/** Moves that are ended from outside in a fake world, and what is done about them. */
export class RecoveryStories {
  constructor(private readonly bench: SagaBench) {}

  world(options: Partial<WorldOptions> = {}): FakeWorld {
    return this.bench.world({ policy: FAST, ...options });
  }

  async endedRightAfter([activity, phase]: Moment, world = this.world(), input: Partial<MigrateInstanceInput> = {}): Promise<FakeWorld> {
    const handle = await this.bench.start(world, input);
    await new Promise<void>((resolve) => world.during(activity, phase, async () => handle.terminate('a test').then(() => resolve())));
    await handle.result().catch(() => undefined);
    return world;
  }

  /** A look without a way. */
  async startRecovery(world: FakeWorld, way?: RecoveryWay): Promise<WorkflowHandle> {
    const { instanceId } = world.source;
    const workflowId = way === undefined ? recoveryLookId(instanceId) : migrationWorkflowId(instanceId);
    this.bench.alias(workflowId, world);
    const input: RecoverMigrationInput = { instanceId, ...(way === undefined ? {} : { way, actor: 'ops' }) };
    return this.bench.client.workflow.start(RECOVER_MIGRATION, { taskQueue: TASK_QUEUE, workflowId, args: [input] });
  }

  async recover(world: FakeWorld, way?: RecoveryWay): Promise<RecoverMigrationResult> {
    return (await (await this.startRecovery(world, way)).result()) as RecoverMigrationResult;
  }

  async startReaper(world: FakeWorld, input: ReapOrphansInput = {}): Promise<WorkflowHandle> {
    const workflowId = `reaper/${world.source.instanceId}`;
    this.bench.alias(workflowId, world);
    this.bench.alias(recoveryLookId(world.source.instanceId), world);
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS + 100));
    return this.bench.client.workflow.start(REAP_ORPHANS, { taskQueue: TASK_QUEUE, workflowId, args: [{ graceMs: GRACE_MS, ...input }] });
  }

  async reap(world: FakeWorld, input: ReapOrphansInput = {}): Promise<ReapOrphansResult> {
    return (await (await this.startReaper(world, input)).result()) as ReapOrphansResult;
  }
}
