import type { Activity, FakeWorld, Phase } from './fake-world';
import { SagaBench, failureOf } from './saga-bench';

/** The mutating calls of a move whose state is handed over, with a way back, that others do not make. */
const ACTS: readonly (readonly [Phase, Activity])[] = [
  ['sync', 'beginSync'],
  ['ramp', 'handOverState'],
  ['ramp', 'beginSyncBack'],
];

describe('a migration that hands the state of a service over', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    bench = await SagaBench.start();
  });
  afterAll(() => bench.stop());

  const run = (world: FakeWorld) => bench.run(world, { sync: 'replicate' });
  const shadowOf = (world: FakeWorld): string => world.actsOf('launchShadow')[0] ?? '';

  /** No request failed, nothing is left over, and the source has its state and serves as before. */
  const expectUntouched = (world: FakeWorld): void => {
    expect(world.violations).toEqual([]);
    expect(world.left()).toEqual([]);
    expect(world.serving()).toEqual({ instances: [world.source.instanceId, 'i-elsewhere', 'i-other0'].toSorted(), routesAsBefore: true });
    expect(world.agents.hasState(shadowOf(world))).toBe(false);
  };
  const expectMoved = (world: FakeWorld): void => {
    expect(world.violations).toEqual([]);
    expect(world.left()).toEqual([]);
    expect(world.agents.hasState(shadowOf(world))).toBe(true);
    expect(world.serving()).toEqual({ instances: ['i-elsewhere', 'i-other0', shadowOf(world)], routesAsBefore: true });
  };

  it('lets it flow there, hands it over once, moves all traffic with it, lets it flow back until the source goes', async () => {
    const world = bench.world();
    const result = await run(world);
    if (result.kind !== 'Completed') throw new Error(JSON.stringify(result));
    const [source, shadow] = [world.source.instanceId, shadowOf(world)];
    expect(world.agents.told).toEqual([`${shadow} stands by`, `${source} replicates to ${shadow}`, `${source} hands over to ${shadow}`, `${shadow} replicates to ${source}`, `${shadow} stops`]);
    expect(world.actsOf('snapshotSource')).toEqual([]);
    expect(result.phases.find(({ phase }) => phase === 'ramp')?.note).toBe('handed over; pause 25 ms, predicted 20 ms');
    expect(world.audit.find(({ summary }) => summary.startsWith('handed over'))?.detail).toEqual({ pauseMs: 25, predictedPauseMs: 20, digest: 'digest' });
    expect(await bench.status(bench.holderOf(world))).toMatchObject({ sync: { lagBytes: 0, predictedPauseMs: 20 } });
    expectMoved(world);
  });

  it('moves a service that no balancer sends traffic to as well', async () => {
    const world = bench.world({ traffic: false });
    expect(await run(world)).toMatchObject({ kind: 'Completed' });
    expect(world.agents.hasState(shadowOf(world))).toBe(true);
    expect(world.violations).toEqual([]);
  });

  it('says in the plan how long it stands still, and refuses a pause that is none', async () => {
    const planned = await bench.run(bench.world(), { sync: 'replicate', dryRun: true, maxPauseMs: 250 });
    if (planned.kind !== 'Planned') throw new Error(planned.kind);
    expect(planned.plan.changes.join('\n')).toMatch(/stands still for 250 ms at most[^]* 100 % of the source's traffic/);
    expect(await failureOf(bench.run(bench.world(), { maxPauseMs: 5 }))).toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('maxPauseMs') });
  });

  it('goes back without a pause where more changes than can be carried over', async () => {
    const world = bench.world();
    world.agents.neverReady = '9 MB/s change, 2 MB/s can be sent';
    expect(await run(world)).toMatchObject({ kind: 'RolledBack', phase: 'sync', reasons: ['9 MB/s change, 2 MB/s can be sent'] });
    expect(world.agents.told.filter((told) => told.includes('hands over'))).toEqual([]);
    expectUntouched(world);
  });

  it('hands it back, with what was written since, where the shadow turns bad in the bake', async () => {
    const world = bench.world();
    world.during('beginSyncBack', 'ramp', async () => void (world.shadowErrorRatio = 0.3));
    expect(await run(world)).toMatchObject({ kind: 'RolledBack', phase: 'bake' });
    const [source, shadow] = [world.source.instanceId, shadowOf(world)];
    expect(world.agents.told.slice(-2)).toEqual([`${shadow} hands over to ${source}`, `${shadow} leaves`]);
    expectUntouched(world);
  });

  it('holds the bake until there is enough to judge by, and hands the state back where that does not come: no ramp came before', async () => {
    const world = bench.world();
    world.requestsPerSample = 1;
    const result = await run(world);
    expect(result).toMatchObject({ kind: 'RolledBack', phase: 'bake', reasons: [expect.stringContaining('in the bake no evidence after 2 intervals')] });
    expectUntouched(world);
  });

  it.each(ACTS)('in %s goes back where %s fails for ever', async (phase, activity) => {
    const world = bench.world();
    world.fault({ activity, phase, kind: 'fails', times: Infinity });
    expect(await run(world)).toMatchObject({ kind: 'RolledBack', phase, reasons: [`${activity} is unavailable`] });
    expectUntouched(world);
  });

  it.each(ACTS)('in %s goes back where %s happens and is never answered', async (phase, activity) => {
    const world = bench.world();
    world.fault({ activity, phase, kind: 'losesReply', times: Infinity });
    expect(await run(world)).toMatchObject({ kind: 'RolledBack', phase });
    expectUntouched(world);
  });

  it.each([...ACTS, ['retire', 'endSync'] as const])('in %s does nothing twice where the reply of %s is lost once', async (phase, activity) => {
    const undisturbed = bench.world();
    await run(undisturbed);
    const world = bench.world();
    const fault = world.fault({ activity, phase, kind: 'losesReply' });
    expect(await run(world)).toMatchObject({ kind: 'Completed' });
    expect(fault.met).toBe(1);
    expect(world.agents.told.length).toBe(undisturbed.agents.told.length);
    expectMoved(world);
  });

  it.each(ACTS)('in %s is undone whole where it is cancelled while %s runs', async (phase, activity) => {
    const world = bench.world();
    world.fault({ activity, phase, kind: 'hangs' });
    let cancel: () => Promise<unknown> = async () => undefined;
    world.during(activity, phase, () => cancel());
    const handle = await bench.start(world, { sync: 'replicate', approval: 'required' });
    cancel = () => handle.cancel();
    const { planHash } = await bench.until(handle, ({ awaitingApproval }) => awaitingApproval !== null);
    await handle.executeUpdate('approve', { args: [{ planHash }] });
    expect(await failureOf(handle.result())).toMatchObject({ name: 'CancelledFailure' });
    expect(await bench.status(handle)).toMatchObject({ outcome: 'RolledBack', undo: [], left: [] });
    expectUntouched(world);
  });

  it('leaves both sides and the traffic alone where the state cannot be brought back, and says so', async () => {
    const world = bench.world();
    world.fault({ activity: 'verifySourceIdle', kind: 'isRefused', times: Infinity });
    world.fault({ activity: 'takeStateBack', kind: 'fails', times: Infinity });
    const result = await run(world);
    if (result.kind !== 'NeedsOperator') throw new Error(JSON.stringify(result));
    expect(result.left).toContain('hand the state back to the source: takeStateBack is unavailable');
    expect(result.left).toContain('terminate the shadow: not tried, because "hand the state back to the source" failed');
    expect(world.running()).toContain(shadowOf(world));
    expect(world.agents.hasState(shadowOf(world))).toBe(true);
    expect(world.violations).toEqual([]);
  });

  it('goes on to the end where the agent of the source falls silent after the hand-over', async () => {
    const world = bench.world();
    world.during('beginSyncBack', 'ramp', async () => void world.agents.silent.add(world.source.instanceId));
    expect(await run(world)).toMatchObject({ kind: 'Completed' });
    expectMoved(world);
  });

  it('does not take the shadow away where the source fell silent and the shadow has the state', async () => {
    const world = bench.world();
    world.during('beginSyncBack', 'ramp', async () => {
      world.agents.silent.add(world.source.instanceId);
      world.shadowErrorRatio = 0.3;
    });
    const result = await run(world);
    expect(result).toMatchObject({ kind: 'NeedsOperator', phase: 'bake' });
    expect(JSON.stringify(result)).toContain('its state cannot be brought back');
    expect(world.agents.hasState(shadowOf(world))).toBe(true);
    expect(world.violations).toEqual([]);
  });

  it('goes back where the source falls silent before the hand-over: the shadow is told never to take over', async () => {
    const world = bench.world();
    world.during('beginSync', 'sync', async () => void world.agents.silent.add(world.source.instanceId));
    expect(await run(world)).toMatchObject({ kind: 'RolledBack', phase: 'sync' });
    expect(world.agents.told.at(-1)).toBe(`${shadowOf(world)} leaves`);
    expectUntouched(world);
  });
});
