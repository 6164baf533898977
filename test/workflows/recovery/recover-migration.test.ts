import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { RECOVER_MIGRATION } from '../../../src/contracts/recover-migration';
import { migrationWorkflowId } from '../../../src/contracts/workflow-ids';
import type { RecoveryWay } from '../../../src/domain/recovery/assess-move';
import type { FakeWorld, Fault } from '../fake-world';
import { LISTENER, OTHER_POOL } from '../fixtures';
import { PORTS, SagaBench } from '../saga-bench';
import { RecoveryStories, type Moment } from './recovery-stories';
import type { Operation, Trouble } from './world-ports';

const TASK_QUEUE = 'saga-bench';
/** Seconds each: by `npm run test:faults`. */
const ALL = process.env['FORESHIFT_TEST_FAULTS'] === 'all';
const itWhereAll = ALL ? it : it.skip;

const MOMENTS: Readonly<Record<string, Moment>> = {
  'reserved capacity': ['reserveCapacity', 'reserve'],
  'made the image': ['createImage', 'shadow'],
  'launched the shadow': ['launchShadow', 'shadow'],
  'made its groups': ['createRampGroups', 'verify'],
  'put them into the routes': ['setWeights', 'verify'],
  'took the source out of its pool': ['deregisterTarget', 'ramp'],
  'gave the shadow traffic': ['judgeTraffic', 'ramp'],
  'baked': ['judgeTraffic', 'bake'],
  'put the shadow into the pool': ['registerTarget', 'drain'],
  'gave the shadow its place': ['adoptReplacement', 'drain'],
  'terminated the source': ['terminateSource', 'retire'],
  'deleted its groups': ['deleteRampGroups', 'release'],
};

describe('a move that is terminated', () => {
  let bench: SagaBench;
  let stories: RecoveryStories;
  beforeAll(async () => {
    bench = await SagaBench.startInRealTime();
    stories = new RecoveryStories(bench);
  });
  afterAll(() => bench.stop());
  const endedRightAfter: RecoveryStories['endedRightAfter'] = (...args) => stories.endedRightAfter(...args);
  const recover: RecoveryStories['recover'] = (...args) => stories.recover(...args);
  const reap: RecoveryStories['reap'] = (...args) => stories.reap(...args);
  const expectRight = (world: FakeWorld, kind: string): void => {
    const shadow = world.actsOf('launchShadow')[0] ?? '';
    const serving = kind === 'Completed' ? shadow : world.source.instanceId;
    expect(world.violations).toEqual([]);
    expect(world.left()).toEqual([]);
    expect(world.serving()).toEqual({ instances: ['i-elsewhere', 'i-other0', serving].toSorted(), routesAsBefore: true });
    expect(world.instances.get(kind === 'Completed' ? world.source.instanceId : shadow)?.state ?? 'terminated').toBe('terminated');
  };

  it.each(ALL ? Object.keys(MOMENTS) : ['gave the shadow its place'])('right when it %s: the way that is proposed ends it, and nothing is left', async (name) => {
    const world = await endedRightAfter(MOMENTS[name] ?? ['launchShadow', 'shadow']);
    const { assessment } = await recover(world);
    if (assessment.proposal === null) throw new Error(assessment.sentence);
    const { kind } = await recover(world, assessment.proposal);
    expect(kind).toBe(assessment.proposal === 'continue' ? 'Completed' : 'RolledBack');
    expectRight(world, kind);
    expect(await recover(world)).toMatchObject({ assessment: { world: 'nothingLeft', proposal: null } });
    expect(world.audit.find(({ actor }) => actor === 'ops')).toMatchObject({ kind: 'operator', summary: `recover: ${assessment.proposal}` });
  });

  it.each(ALL ? Object.keys(MOMENTS) : ['put them into the routes'])('right when it %s: the reaper takes nothing away that serves, and where it may recover leaves nothing at all', async (name) => {
    const world = await endedRightAfter(MOMENTS[name] ?? ['launchShadow', 'shadow']);
    const serving = world.serving().instances;
    const told = await reap(world, { dryRun: true });
    expect(told.reaped).toEqual([]);
    await reap(world);
    expect(world.violations).toEqual([]);
    expect(world.serving().instances).toEqual(serving);
    const result = await reap(world, { recover: true });
    expect(result).toMatchObject({ kind: 'Done', failed: [] });
    expectRight(world, world.instances.get(world.source.instanceId)?.state === 'running' ? 'RolledBack' : 'Completed');
  });

  const FAULTS: readonly (readonly [RecoveryWay, Moment, Fault])[] = [
    ['rollBack', ['judgeTraffic', 'ramp'], { activity: 'setWeights', kind: 'fails' }],
    ['rollBack', ['judgeTraffic', 'ramp'], { activity: 'setWeights', kind: 'losesReply' }],
    ['rollBack', ['judgeTraffic', 'ramp'], { activity: 'registerTarget', kind: 'losesReply' }],
    ['rollBack', ['judgeTraffic', 'ramp'], { activity: 'terminateShadows', kind: 'losesReply' }],
    ['rollBack', ['adoptReplacement', 'drain'], { activity: 'disownReplacement', kind: 'losesReply' }],
    ['continue', ['judgeTraffic', 'ramp'], { activity: 'setWeights', kind: 'losesReply' }],
    ['continue', ['judgeTraffic', 'ramp'], { activity: 'adoptReplacement', kind: 'losesReply' }],
    ['continue', ['adoptReplacement', 'drain'], { activity: 'terminateSource', kind: 'losesReply' }],
    ['continue', ['adoptReplacement', 'drain'], { activity: 'deleteRampGroups', kind: 'fails' }],
  ];
  itWhereAll.each(FAULTS)('%s is right where it ended after %j and %j meets it', async (way, moment, fault) => {
    const world = await endedRightAfter(moment);
    world.fault(fault);
    const { kind } = await recover(world, way);
    expect(kind).toBe(way === 'continue' ? 'Completed' : 'RolledBack');
    expectRight(world, kind);
  });

  itWhereAll('goes back where going on is refused by the world half way', async () => {
    const world = await endedRightAfter(['judgeTraffic', 'ramp']);
    world.fault({ activity: 'verifySourceIdle', kind: 'isRefused' });
    expect(await recover(world, 'continue')).toMatchObject({ kind: 'RolledBack', ended: { phase: 'drain' } });
    expectRight(world, 'RolledBack');
  });

  itWhereAll('goes back where the shadow turned bad meanwhile', async () => {
    const world = await endedRightAfter(['judgeTraffic', 'ramp']);
    world.shadowErrorRatio = 0.3;
    expect(await recover(world, 'continue')).toMatchObject({ kind: 'RolledBack' });
    expectRight(world, 'RolledBack');
  });

  itWhereAll('keeps the shadow and asks an operator where the traffic cannot be given back', async () => {
    const world = await endedRightAfter(['judgeTraffic', 'ramp']);
    world.fault({ activity: 'verifySourceServes', kind: 'isRefused', times: 99 });
    const result = await recover(world, 'rollBack');
    expect(result).toMatchObject({ kind: 'NeedsOperator' });
    expect(world.instances.get(world.actsOf('launchShadow')[0] ?? '')).toMatchObject({ state: 'running' });
    expect(world.violations).toEqual([]);
  });

  itWhereAll('is recovered again where the recovery itself is terminated', async () => {
    const world = await endedRightAfter(['adoptReplacement', 'drain']);
    const handle = bench.client.workflow.getHandle(migrationWorkflowId(world.source.instanceId));
    await new Promise<void>((resolve) => {
      world.during('setWeights', 'rollback', async () => handle.terminate('a test').then(() => resolve()));
      recover(world, 'rollBack').catch(() => undefined);
    });
    const { assessment } = await recover(world);
    expect(assessment.proposal).toBe('rollBack');
    expect(await recover(world, 'rollBack')).toMatchObject({ kind: 'RolledBack' });
    expectRight(world, 'RolledBack');
  });

  itWhereAll('is undone to its end where the recovery is cancelled from outside', async () => {
    const world = await endedRightAfter(['judgeTraffic', 'ramp']);
    const handle = bench.client.workflow.getHandle(migrationWorkflowId(world.source.instanceId));
    world.during('setWeights', 'rollback', () => handle.cancel());
    await recover(world, 'rollBack').catch(() => undefined);
    expectRight(world, 'RolledBack');
  });

  itWhereAll('brings the state of a service back before anything else', async () => {
    const world = await endedRightAfter(['beginSyncBack', 'ramp'], stories.world(), { sync: 'replicate' });
    expect(await reap(world)).toMatchObject({ kind: 'SomeLeft', reaped: [] });
    expect(await recover(world, 'rollBack')).toMatchObject({ kind: 'RolledBack' });
    expectRight(world, 'RolledBack');
  });

  itWhereAll.each<[string, (world: FakeWorld) => void, RegExp]>([
    ['the source is gone', (world) => world['setState']('terminateSource', world.source.instanceId, 'terminated'), /is terminated: traffic must not be sent back/],
    ['somebody changed the routes', (world) => world.routes.set(LISTENER, [...(world.routes.get(LISTENER) ?? []), { targetGroupArn: OTHER_POOL, weight: 1 }]), /was changed since the move began/],
  ])('does not go back where %s, and says so', async (_, change, why) => {
    const world = await endedRightAfter(['judgeTraffic', 'bake']);
    change(world);
    const acts = world.acts.length;
    const result = await recover(world, 'rollBack');
    expect(result).toMatchObject({ kind: 'Refused', ended: { error: 'Unsafe', reasons: [expect.stringMatching(why)] } });
    expect(world.acts).toHaveLength(acts);
  });

  it('is not recovered under another id than its lock, nor by a way that is none', async () => {
    const world = bench.world();
    bench.alias('other', world);
    const start = (input: object) => bench.client.workflow.execute(RECOVER_MIGRATION, { taskQueue: TASK_QUEUE, workflowId: 'other', args: [input] });
    await expect(start({ instanceId: world.source.instanceId, way: 'rollBack' })).rejects.toMatchObject({ cause: { type: 'InvalidInput', message: expect.stringContaining('it is its lock') } });
    await expect(start({ instanceId: world.source.instanceId, way: 'forward' })).rejects.toMatchObject({ cause: { message: expect.stringContaining('way is "forward"; expected one of "rollBack"') } });
  });

  it('cannot be recovered while it runs, and the reaper leaves it alone', async () => {
    const world = bench.world();
    const handle = await bench.start(world, { approval: 'required', approvalTimeoutMs: 86_400_000 });
    await bench.until(handle, ({ awaitingApproval }) => awaitingApproval !== null);
    await expect(recover(world, 'rollBack')).rejects.toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
    await handle.terminate('enough');
  });

  const TROUBLES: readonly (readonly [Operation, Trouble])[] = (['terminate', 'deregisterImage', 'deleteSnapshot', 'cancel', 'deregister', 'setForward', 'deleteGroup'] as const).flatMap((operation) => (['fails', 'losesReply'] as const).map((trouble) => [operation, trouble] as const));
  itWhereAll.each(TROUBLES)('is taken away whole where %s %s once', async (operation, trouble) => {
    const world = await endedRightAfter(['setWeights', 'verify']);
    await reap(world, { dryRun: true });
    PORTS.get(world)?.troubles.set(operation, trouble);
    expect(await reap(world)).toMatchObject({ kind: 'Done', failed: [] });
    expect(PORTS.get(world)?.troubles.size).toBe(0);
    expectRight(world, 'RolledBack');
  });

  itWhereAll('is named where something of it is not allowed to be taken away, what depends on it stays, and the next run ends it', async () => {
    const world = await endedRightAfter(['launchShadow', 'shadow']);
    await reap(world, { dryRun: true });
    PORTS.get(world)?.troubles.set('terminate', 'isRefused');
    const result = await reap(world);
    expect(result).toMatchObject({ kind: 'SomeLeft', reaped: [] });
    expect(result.failed[0]).toMatchObject({ kind: 'instance', why: expect.stringContaining('terminate is not allowed') });
    expect(world.audit.filter(({ kind, workflowId }) => kind === 'refusal' && workflowId.startsWith('reaper/'))).toHaveLength(1);
    expect(await reap(world)).toMatchObject({ kind: 'Done' });
    expectRight(world, 'RolledBack');
  });
});
