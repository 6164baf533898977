import type { WorkflowHandle } from '@temporalio/client';
import { REAP_ORPHANS, type ReapOrphansInput, type ReapOrphansResult } from '../../src/contracts/reap-orphans';
import { RECOVER_MIGRATION, type RecoverMigrationInput, type RecoverMigrationResult } from '../../src/contracts/recover-migration';
import { migrationWorkflowId, reaperWorkflowId } from '../../src/contracts/workflow-ids';
import type { RecoveryWay } from '../../src/domain/recovery/assess-move';
import { LiveFleet } from './live-fleet';

/** A minute each: by `npm run test:faults`. */
const ALL = process.env['FORESHIFT_TEST_FAULTS'] === 'all';
const FAST = { rampStepsPercent: [50, 100], rampStepMs: 1_500, bakeMs: 3_000 } as const;
const A_STORY_MS = 240_000;
const GRACE_MS = 1_000;
const REGION = 'us-east-1';

(ALL ? describe : describe.skip)('a migration that is terminated', () => {
  let live: LiveFleet;
  /** Who serves now: a recovered migration may have handed its source's place on. */
  let serving: string;
  beforeAll(async () => {
    live = await LiveFleet.start('test-recovery');
    serving = live.instance('web-1');
  }, 300_000);
  afterAll(async () => {
    await live.stop();
  });

  /** As a scheduled one would, but that a second of grace is enough. */
  const reap = async (input: ReapOrphansInput = {}): Promise<ReapOrphansResult> => {
    await new Promise((resolve) => setTimeout(resolve, 2 * GRACE_MS));
    return live.client.workflow.execute(REAP_ORPHANS, { taskQueue: 'foreshift', workflowId: reaperWorkflowId(REGION), args: [{ graceMs: GRACE_MS, ...input }] }) as Promise<ReapOrphansResult>;
  };

  const recover = (input: RecoverMigrationInput): Promise<RecoverMigrationResult> =>
    live.client.workflow.execute(RECOVER_MIGRATION, { taskQueue: 'foreshift', workflowId: input.way === undefined ? `recover/${input.instanceId}` : migrationWorkflowId(input.instanceId), args: [input] }) as Promise<RecoverMigrationResult>;

  /** Starts a move, ends it at that moment without a word, and lets `after` clean up, while clients keep asking. */
  const terminatedAt = async (moment: Moment, after: () => Promise<void>): Promise<void> => {
    const traffic = live.traffic();
    const seq = await live.lastCall();
    const handle = await live.start({ instanceId: serving, ...FAST });
    await moment(handle, seq);
    await handle.terminate('a test');
    await after();
    const { sent, failed, firstFailures } = await traffic.stop();
    expect({ failed, firstFailures }).toEqual({ failed: 0, firstFailures: [] });
    expect(sent).toBeGreaterThan(100);
    const { intact, problems } = await live.verifyAudit();
    expect({ intact, problems }).toEqual({ intact: true, problems: [] });
  };

  it.each<[string, string]>([
    ['has reserved capacity', 'CreateCapacityReservation'],
    ['has made the image', 'CreateImage'],
    ['has launched the shadow', 'RunInstances'],
    ['verifies', 'CreateTargetGroup'],
  ])('right when it %s: a dry run changes nothing, the reaper leaves nothing, and the source serves', async (_, operation) => {
    const before = await live.inventory();
    await terminatedAt((_handle, seq) => live.untilCalled(operation, seq), async () => {
      const told = await reap({ dryRun: true });
      expect(told).toMatchObject({ kind: 'DryRun', reaped: [], survey: { counts: { needsOperator: 0 } } });
      expect(told.survey.counts.reap).toBeGreaterThan(0);
      const result = await reap();
      expect(result).toMatchObject({ kind: 'Done', failed: [] });
      expect([...(await live.inventory()).keys()].toSorted()).toEqual([...before.keys()].toSorted());
      expect(await reap()).toMatchObject({ kind: 'Done', survey: { resources: 0 } });
    });
  }, A_STORY_MS);

  const halfTheTraffic: Moment = (handle) => live.until(handle, 'half the traffic', ({ shadowPercent }) => shadowPercent === 50);
  const inPhase = (phase: string): Moment => (handle) => live.until(handle, `the phase ${phase}`, (status) => status.phase === phase);
  const called = (operation: string): Moment => (_, seq) => live.untilCalled(operation, seq);

  it.each<[string, RecoveryWay, RecoverMigrationResult['kind'], Moment]>([
    ['has launched the shadow', 'rollBack', 'RolledBack', called('RunInstances')],
    ['puts its groups into the routes', 'rollBack', 'RolledBack', called('ModifyListener')],
    ['has half of the traffic on the shadow', 'rollBack', 'RolledBack', halfTheTraffic],
    ['has half of the traffic on the shadow', 'continue', 'Completed', halfTheTraffic],
    ['bakes', 'rollBack', 'RolledBack', inPhase('bake')],
    ['bakes', 'continue', 'Completed', inPhase('bake')],
    ['drains', 'rollBack', 'RolledBack', inPhase('drain')],
    ['drains', 'continue', 'Completed', inPhase('drain')],
    ['has terminated the source', 'continue', 'Completed', called('TerminateInstances')],
    ['gives back what it needed', 'continue', 'Completed', called('DeleteTargetGroup')],
  ])('while it %s: the reaper takes nothing away that serves, and %s ends it as %s', async (_, way, kind, moment) => {
    const before = await live.inventory();
    const source = serving;
    await terminatedAt(moment, async () => {
      const during = await live.inventory();
      const told = await recover({ instanceId: source });
      expect(told).toMatchObject({ kind: 'Assessed', ended: null, assessment: { proposal: expect.stringMatching(/rollBack|continue/) } });
      const reaped = await reap({ dryRun: true });
      expect(reaped.survey.counts.needsOperator + reaped.survey.counts.reap).toBeGreaterThan(0);
      expect([...(await live.inventory()).keys()].toSorted()).toEqual([...during.keys()].toSorted());
      const result = await recover({ instanceId: source, way });
      expect(result).toMatchObject({ kind });
      if (result.ended?.kind === 'Completed') serving = result.ended.replacementId;
      expect(await live.targetState(serving)).toBe('healthy');
      const meant = new Set([...before.keys()].filter((id) => id !== source).concat(serving));
      expect(new Set((await live.inventory()).keys())).toEqual(meant);
      expect(await recover({ instanceId: source })).toMatchObject({ assessment: { world: 'nothingLeft', proposal: null } });
    });
  }, A_STORY_MS);

  it('while half of the traffic is on the shadow: the reaper may bring it to its end, and a shadow that was adopted can still be taken back', async () => {
    const before = await live.inventory();
    const source = serving;
    await terminatedAt(halfTheTraffic, async () => {
      expect(await recover({ instanceId: source, way: 'adopt' })).toMatchObject({ kind: 'Completed' });
      expect(await recover({ instanceId: source })).toMatchObject({ assessment: { world: 'bothServe' } });
      const told = await reap({ recover: true });
      expect(told.recovered).toEqual([{ instanceId: source, outcome: 'RolledBack', why: expect.stringContaining('both serve') }]);
      expect(told.kind).toBe('Done');
      expect([...(await live.inventory()).keys()].toSorted()).toEqual([...before.keys()].toSorted());
    });
  }, A_STORY_MS);

  it.each<[RecoveryWay, string]>([
    ['rollBack', 'ModifyListener'],
    ['continue', 'DeregisterTargets'],
  ])('is brought to its end also where the worker dies in the middle of %s', async (way, operation) => {
    const before = await live.inventory();
    const source = serving;
    await terminatedAt(halfTheTraffic, async () => {
      const seq = await live.lastCall();
      const recovering = recover({ instanceId: source, way });
      await live.untilCalled(operation, seq);
      await live.stack.worker?.kill();
      await live.stack.startWorker();
      const { kind, ended } = await recovering;
      expect(kind).toBe(way === 'rollBack' ? 'RolledBack' : 'Completed');
      if (ended?.kind === 'Completed') serving = ended.replacementId;
      expect(await live.targetState(serving)).toBe('healthy');
      expect(new Set((await live.inventory()).keys())).toEqual(new Set([...before.keys()].filter((id) => id !== source).concat(serving)));
    });
  }, A_STORY_MS);

  it('leaves weights that are told as drift, as are weights that somebody changes under a move that runs', async () => {
    const source = serving;
    const handle = await live.start({ instanceId: source, rampStepsPercent: [50, 100], rampStepMs: 20_000, bakeMs: 3_000 });
    await halfTheTraffic(handle, 0);
    expect((await reap({ dryRun: true })).drift).toEqual({ drift: [], silent: [] });
    await live.changeWeights((forward) => forward.map((target, i) => (i === forward.length - 1 ? { ...target, Weight: 900 } : target)));
    const { drift } = (await reap({ dryRun: true })).drift;
    expect(drift).toEqual([expect.objectContaining({ workflowId: handle.workflowId, about: "the shadow's part of the source's traffic", intended: '50 %' })]);
    await handle.terminate('a test');
    const after = (await reap({ dryRun: true })).drift.drift;
    expect(after.map(({ intended }) => intended)).toEqual(['without weight, since its workflow ended', 'without weight, since its workflow ended']);
    expect(await recover({ instanceId: source, way: 'rollBack' })).toMatchObject({ kind: 'RolledBack' });
    expect((await reap({ dryRun: true })).drift.drift).toEqual([]);
  }, A_STORY_MS);
});

type Moment = (handle: WorkflowHandle, seq: number) => Promise<unknown>;
