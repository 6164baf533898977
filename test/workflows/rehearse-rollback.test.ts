import type { WorkflowHandle } from '@temporalio/client';
import { MIGRATION_MESSAGES, type MigrationStatus } from '../../src/contracts/migrate-instance';
import { REHEARSE_ROLLBACK, type RehearseRollbackInput, type RehearseRollbackResult } from '../../src/contracts/rehearse-rollback';
import { drillWorkflowId, migrationWorkflowId } from '../../src/contracts/workflow-ids';
import type { Activity, FakeWorld, Phase } from './fake-world';
import { keepHistory } from './recorded-histories';
import { SagaBench, failureOf } from './saga-bench';

type Rehearse = (input: RehearseRollbackInput) => Promise<RehearseRollbackResult>;

/** A fifth of a second each: all of them by `npm run test:faults`. */
const ALL = process.env['FORESHIFT_TEST_FAULTS'] === 'all';

/** Every mutating call on the way there, by the phase that makes it. */
const ACTS: readonly (readonly [Phase, Activity])[] = [
  ['reserve', 'reserveCapacity'],
  ['shadow', 'createImage'],
  ['shadow', 'launchShadow'],
  ['verify', 'createRampGroups'],
  ['verify', 'registerTarget'],
  ['verify', 'setWeights'],
  ['ramp', 'setWeights'],
  ['ramp', 'deregisterTarget'],
];

/** Those that leave something that only their undo finds, or that move traffic. */
const SOME_ACTS = ALL ? ACTS : ACTS.filter(([phase, activity]) => activity === 'launchShadow' || (phase === 'ramp' && activity === 'setWeights'));

/** Every call of the way back. */
const UNDOS: readonly Activity[] = ['verifySourceServes', 'registerTarget', 'setWeights', 'deregisterTarget', 'deleteRampGroups', 'terminateShadows', 'deleteImages', 'releaseReservations'];

const SOME_UNDOS = ALL ? UNDOS : UNDOS.filter((activity) => activity === 'setWeights' || activity === 'terminateShadows');

describe('a rehearsal of the way back', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    bench = await SagaBench.start();
  });
  afterAll(() => bench.stop());

  const start = (world: FakeWorld, input: RehearseRollbackInput = {}, workflowId = migrationWorkflowId(world.source.instanceId)): Promise<WorkflowHandle<Rehearse>> =>
    bench.client.workflow.start<Rehearse>(REHEARSE_ROLLBACK, { taskQueue: 'saga-bench', workflowId, args: [{ ...(input.pool === undefined ? { instanceId: world.source.instanceId } : {}), sync: 'none', ...input }] });
  const run = async (world: FakeWorld, input: RehearseRollbackInput = {}): Promise<RehearseRollbackResult> => (await start(world, input)).result();

  /** No request failed, nothing is left over, and the source stood and served all the time. */
  const expectUntouched = (world: FakeWorld): void => {
    expect(world.violations).toEqual([]);
    expect(world.left()).toEqual([]);
    expect(world.running()).toEqual([world.source.instanceId, 'i-other0', 'i-elsewhere']);
    expect(world.serving()).toEqual({ instances: [world.source.instanceId, 'i-elsewhere', 'i-other0'].toSorted(), routesAsBefore: true });
    expect(world.acts.filter(({ on, activity }) => on === world.source.instanceId && ['terminateSource', 'stopShadow', 'terminateShadows'].includes(activity))).toEqual([]);
  };

  it('gives a shadow a small share, goes back, removes everything, and tells how long it took', async () => {
    const world = bench.world();
    const shares: number[] = [];
    world.during('judgeTraffic', 'ramp', async () => void shares.push((await bench.status(bench.holderOf(world))).shadowPercent));
    const handle = await start(world, { sharePercent: 5 });
    const result = await handle.result();
    if (result.kind !== 'Rehearsed') throw new Error(JSON.stringify(result));
    expect(result).toMatchObject({ instanceId: world.source.instanceId, shadow: { instanceId: world.actsOf('launchShadow')[0] }, shadowPercent: 5, verdict: { kind: 'pass' } });
    expect(result.phases.map(({ phase }) => phase)).toEqual(['forecast', 'plan', 'reserve', 'shadow', 'sync', 'verify', 'ramp', 'rollback']);
    expect(result.weightsBackMs).toBeGreaterThan(0);
    expect(result.timeToSafeMs).toBeGreaterThanOrEqual(result.weightsBackMs);
    expect(result.removedMs).toBeGreaterThanOrEqual(result.timeToSafeMs);
    expectUntouched(world);
    expect(world.audit.findLast(({ kind }) => kind === 'outcome')).toMatchObject({ actor: 'foreshift:drill', summary: 'Rehearsed', service: world.source.service, detail: { timeToSafeMs: result.timeToSafeMs } });
    await keepHistory('rehearsal/rehearsed', handle);
  });

  it('sends no request to the shadow of a service that may keep something: what it is told to write would be lost', async () => {
    const world = bench.world();
    const result = await run(world, { sync: 'image' });
    expect(result).toMatchObject({ kind: 'Rehearsed', shadowPercent: 0, verdict: null });
    expect(world.audit.filter(({ summary }) => summary.includes("of the source's traffic to the shadow") && !summary.startsWith('0 %'))).toEqual([]);
    expectUntouched(world);
  });

  it('notes a shadow that is worse than its source, and goes back as quickly', async () => {
    const world = bench.world();
    world.shadowErrorRatio = 0.5;
    expect(await run(world)).toMatchObject({ kind: 'Rehearsed', verdict: { kind: 'fail' } });
    expectUntouched(world);
  });

  it('as a dry run answers with the plan, and does nothing', async () => {
    const world = bench.world();
    expect(await run(world, { dryRun: true })).toMatchObject({ kind: 'Planned', plan: { changes: ["weights: 50 % of the source's traffic to the shadow, and back"], terminates: [`the shadow; ${world.source.instanceId} is not stopped`] } });
    expect(world.acts).toEqual([]);
  });

  it('of a pool takes an instance of it, under the lock of that instance', async () => {
    const world = bench.world();
    bench.alias(drillWorkflowId('shop'), world);
    const handle = await start(world, { pool: 'shop' }, drillWorkflowId('shop'));
    expect(await handle.result()).toMatchObject({ kind: 'Rehearsed', instanceId: world.source.instanceId });
    expect(new Set(world.audit.map(({ workflowId }) => workflowId))).toEqual(new Set([migrationWorkflowId(world.source.instanceId)]));
    expectUntouched(world);
    await keepHistory('rehearsal/of-a-pool', handle);
  });

  it.each<[string, RehearseRollbackInput, string]>([
    ['neither an instance nor a pool', { instanceId: undefined, pool: undefined } as never, 'one of instanceId and pool is expected'],
    ['all of the traffic', { sharePercent: 100 }, 'sharePercent is 100; expected a number from 0.1 to 50'],
    ['a state that is handed over', { sync: 'replicate' as never }, 'sync is "replicate"; expected one of "none", "image", "blocks"'],
  ])('refuses %s', async (_, input, sentence) => {
    const world = bench.world();
    const handle = await bench.client.workflow.start(REHEARSE_ROLLBACK, { taskQueue: 'saga-bench', workflowId: migrationWorkflowId(world.source.instanceId), args: [{ ...(Object.hasOwn(input, 'instanceId') ? {} : { instanceId: world.source.instanceId }), ...input }] });
    expect(await failureOf(handle.result())).toMatchObject({ type: 'InvalidInput', message: expect.stringContaining(sentence) });
    expect(world.acts).toEqual([]);
  });

  it('refuses an instance that no balancer sends traffic, and a service whose state its tag says is handed over', async () => {
    expect(await run(bench.world({ traffic: false }))).toMatchObject({ kind: 'Refused', error: 'Conflict', reasons: [expect.stringContaining('no balancer sends')] });
    const world = bench.world();
    Object.assign(world.source.tags, { 'foreshift:sync': 'replicate' });
    const handle = await bench.client.workflow.start<Rehearse>(REHEARSE_ROLLBACK, { taskQueue: 'saga-bench', workflowId: migrationWorkflowId(world.source.instanceId), args: [{ instanceId: world.source.instanceId }] });
    expect(await handle.result()).toMatchObject({ kind: 'Refused', error: 'Conflict', reasons: [expect.stringContaining('is handed over')] });
    expect(world.acts).toEqual([]);
  });

  describe('that cannot go on, leaves all as it was', () => {
    it.each(SOME_ACTS)('in %s: %s, of which nothing happened, and then never again', async (phase, activity) => {
      const world = bench.world();
      const fault = world.fault({ activity, phase, kind: 'fails', times: Infinity });
      const handle = await start(world);
      expect(await handle.result()).toMatchObject({ kind: 'RolledBack', phase, reasons: [`${activity} is unavailable`] });
      expect(fault.met).toBeGreaterThan(5);
      expectUntouched(world);
      if (phase === 'ramp') await keepHistory('rehearsal/rolled-back-in-the-ramp', handle);
    });

    it.each(SOME_ACTS)('in %s: %s, while which it is cancelled from outside', async (phase, activity) => {
      const world = bench.world();
      world.fault({ activity, phase, kind: 'hangs' });
      let cancel: () => Promise<unknown> = async () => undefined;
      world.during(activity, phase, () => cancel());
      const handle = bench.holderOf(world);
      cancel = () => handle.cancel();
      await start(world);
      expect(await failureOf(handle.result())).toMatchObject({ name: 'CancelledFailure' });
      expectUntouched(world);
    });

    it('because an operator takes it back', async () => {
      const world = bench.world();
      const handle = bench.holderOf(world);
      world.during('judgeTraffic', 'ramp', () => handle.executeUpdate(MIGRATION_MESSAGES.abort, { args: [{ reason: 'not now' }] }));
      await start(world);
      expect(await handle.result()).toMatchObject({ kind: 'RolledBack', reasons: ['not now'] });
      expectUntouched(world);
    });
  });

  it.each([...SOME_ACTS.map(([phase, activity]) => [activity, phase] as const), ...SOME_UNDOS.map((activity) => [activity, 'rollback'] as const)])('of which the reply of %s in %s is lost once, does nothing twice and is complete', async (activity, phase) => {
    const world = bench.world();
    const fault = world.fault({ activity, phase, kind: 'losesReply' });
    expect(await run(world)).toMatchObject({ kind: 'Rehearsed' });
    expect(fault.met).toBe(1);
    expect(world.actsOf('launchShadow')).toHaveLength(1);
    expectUntouched(world);
  });

  it.each(SOME_UNDOS)('whose way back fails for ever in %s, tells an operator exactly what is left, and no request failed', async (activity) => {
    const world = bench.world();
    world.fault({ activity, phase: 'rollback', kind: 'fails', times: Infinity });
    const handle = await start(world);
    const result = await handle.result();
    if (result.kind !== 'NeedsOperator') throw new Error(result.kind);
    for (const line of world.left()) expect(result.left).toContain(line);
    expect(result.left.filter((line) => line.endsWith(`: ${activity} is unavailable`))).toHaveLength(1);
    expect(world.violations).toEqual([]);
    expect(world.running()).toContain(world.source.instanceId);
    const status: MigrationStatus = await bench.status(bench.holderOf(world));
    expect(status).toMatchObject({ outcome: 'NeedsOperator', left: result.left });
    if (activity === 'setWeights') await keepHistory('rehearsal/left-to-an-operator', handle);
  });
});
