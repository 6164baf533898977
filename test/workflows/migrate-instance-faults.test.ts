import type { Activity, FakeWorld, Phase } from './fake-world';
import { SagaBench, failureOf } from './saga-bench';

/** Every mutating call of the saga with a way back, by the phase that makes it. */
const ACTS: readonly (readonly [Phase, Activity])[] = [
  ['reserve', 'reserveCapacity'],
  ['shadow', 'createImage'],
  ['shadow', 'launchShadow'],
  ['sync', 'snapshotSource'],
  ['sync', 'writeBlocks'],
  ['sync', 'stopShadow'],
  ['sync', 'replaceVolumes'],
  ['sync', 'startShadow'],
  ['verify', 'createRampGroups'],
  ['verify', 'registerTarget'],
  ['verify', 'setWeights'],
  ['ramp', 'setWeights'],
  ['ramp', 'deregisterTarget'],
  ['drain', 'registerTarget'],
  ['drain', 'setWeights'],
  ['drain', 'deregisterTarget'],
  ['drain', 'adoptReplacement'],
];

/** The strategy whose acts a call belongs to; `image` where every one has it. */
const syncOf = (activity: Activity): 'blocks' | 'image' => (activity === 'writeBlocks' ? 'blocks' : 'image');

/** One of each phase, where the kind of failure does not depend on the call. */
const FIRST_ACTS = ACTS.filter(([phase], i) => ACTS[i - 1]?.[0] !== phase);

/** What stands past the point of no return. */
const FINAL_ACTS: readonly (readonly [Phase, Activity])[] = [
  ['retire', 'terminateSource'],
  ['release', 'setWeights'],
  ['release', 'deleteRampGroups'],
  ['release', 'deleteImages'],
  ['release', 'releaseReservations'],
];

/** Every call of the way back, from where all of them are needed: the end of `drain`. */
const UNDOS: readonly Activity[] = [
  'disownReplacement',
  'verifySourceServes',
  'registerTarget',
  'deregisterTarget',
  'setWeights',
  'deleteRampGroups',
  'terminateShadows',
  'deleteImages',
  'releaseReservations',
];

describe('a migration whose calls fail', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    bench = await SagaBench.start();
  });
  afterAll(() => bench.stop());

  /** No request failed, nothing is left over, and the source stands and serves as before. */
  const expectUntouched = (world: FakeWorld): void => {
    expect(world.violations).toEqual([]);
    expect(world.left()).toEqual([]);
    expect(world.running()).toEqual([world.source.instanceId, 'i-other0', 'i-elsewhere']);
    expect(world.serving()).toEqual({ instances: [world.source.instanceId, 'i-elsewhere', 'i-other0'].toSorted(), routesAsBefore: true });
  };
  /** The replacement stands in the source's place, once, and nothing is left over. */
  const expectMoved = (world: FakeWorld): void => {
    const [shadow = ''] = world.actsOf('launchShadow');
    expect(world.violations).toEqual([]);
    expect(world.left()).toEqual([]);
    expect(world.running()).toEqual(['i-other0', 'i-elsewhere', shadow]);
    expect(world.serving()).toEqual({ instances: ['i-elsewhere', 'i-other0', shadow], routesAsBefore: true });
  };

  describe('for ever, is as it was before', () => {
    it.each(ACTS)('in %s: %s, of which nothing happened', async (phase, activity) => {
      const world = bench.world();
      const fault = world.fault({ activity, phase, kind: 'fails', times: Infinity });
      expect(await bench.run(world, { sync: syncOf(activity) })).toMatchObject({ kind: 'RolledBack', phase, reasons: [`${activity} is unavailable`] });
      expect(fault.met).toBeGreaterThan(5);
      expectUntouched(world);
    });

    it.each(ACTS)('in %s: %s, which happened but was never answered', async (phase, activity) => {
      const world = bench.world();
      const fault = world.fault({ activity, phase, kind: 'losesReply', times: Infinity });
      expect(await bench.run(world, { sync: syncOf(activity) })).toMatchObject({ kind: 'RolledBack', phase, reasons: [`the reply of ${activity} was lost`] });
      expect(fault.met).toBeGreaterThan(5);
      expectUntouched(world);
    });

    it.each(FIRST_ACTS)('in %s: %s, which is not allowed and is not repeated', async (phase, activity) => {
      const world = bench.world();
      const fault = world.fault({ activity, phase, kind: 'isRefused', times: Infinity });
      expect(await bench.run(world, { sync: syncOf(activity) })).toMatchObject({ kind: 'RolledBack', phase, reasons: [`${activity} is not allowed`] });
      expect(fault.met).toBe(1);
      expectUntouched(world);
    });
  });

  describe('once, of which the reply is lost, completes, and does nothing twice', () => {
    const undisturbed = { image: [''], blocks: [''] };
    beforeAll(async () => {
      for (const sync of ['image', 'blocks'] as const) {
        const world = bench.world();
        await bench.run(world, { sync });
        undisturbed[sync] = namesOf(world);
      }
    });

    it.each([...ACTS, ...FINAL_ACTS])('in %s: %s', async (phase, activity) => {
      const world = bench.world();
      const fault = world.fault({ activity, phase, kind: 'losesReply' });
      expect(await bench.run(world, { sync: syncOf(activity) })).toMatchObject({ kind: 'Completed' });
      expect(fault.met).toBe(1);
      expect(namesOf(world)).toEqual(undisturbed[syncOf(activity)]);
      expectMoved(world);
    });
  });

  describe('because it is cancelled from outside, is undone whole', () => {
    it.each(ACTS)('in %s, while %s runs', async (phase, activity) => {
      const world = bench.world();
      const fault = world.fault({ activity, phase, kind: 'hangs' });
      let cancel: () => Promise<unknown> = async () => undefined;
      world.during(activity, phase, () => cancel());
      const handle = await bench.start(world, { approval: 'required', sync: syncOf(activity) });
      cancel = () => handle.cancel();
      const { planHash } = await bench.until(handle, ({ awaitingApproval }) => awaitingApproval !== null);
      await handle.executeUpdate('approve', { args: [{ planHash }] });
      expect(await failureOf(handle.result())).toMatchObject({ name: 'CancelledFailure' });
      expect(fault.met).toBe(1);
      expect(await bench.status(handle)).toMatchObject({ outcome: 'RolledBack', undo: [], left: [] });
      expectUntouched(world);
    });

    it.each(FINAL_ACTS)('but goes on to the end in %s, while %s runs', async (phase, activity) => {
      const world = bench.world();
      let cancel: () => Promise<unknown> = async () => undefined;
      world.during(activity, phase, () => cancel());
      const handle = await bench.start(world, { approval: 'required' });
      cancel = () => handle.cancel();
      const { planHash } = await bench.until(handle, ({ awaitingApproval }) => awaitingApproval !== null);
      await handle.executeUpdate('approve', { args: [{ planHash }] });
      expect(await handle.result()).toMatchObject({ kind: 'Completed' });
      expectMoved(world);
    });
  });

  describe('past the point of no return for ever, is given to an operator', () => {
    it('when the source cannot be terminated: both instances run, the replacement serves, and what is left is named', async () => {
      const world = bench.world();
      world.fault({ activity: 'terminateSource', kind: 'fails', times: Infinity });
      const result = await bench.run(world);
      expect(result).toMatchObject({ kind: 'NeedsOperator', phase: 'retire', reasons: ['terminateSource is unavailable'] });
      if (result.kind !== 'NeedsOperator') throw new Error(result.kind);
      expect(result.left.toSorted()).toEqual(world.left().toSorted());
      const [shadow = ''] = world.actsOf('launchShadow');
      expect(world.running()).toEqual([world.source.instanceId, 'i-other0', 'i-elsewhere', shadow]);
      expect(world.serving().instances).toEqual(['i-elsewhere', 'i-other0', shadow]);
      expect(world.violations).toEqual([]);
    });

    it.each<[Activity, RegExp]>([
      ['deleteRampGroups', /^group /],
      ['deleteImages', /^(image|snapshot) /],
      ['releaseReservations', /^reservation /],
    ])('when %s fails: what is left is named, the replacement serves', async (activity, kind) => {
      const world = bench.world();
      world.fault({ activity, phase: 'release', kind: 'fails', times: Infinity });
      const result = await bench.run(world);
      if (result.kind !== 'NeedsOperator') throw new Error(result.kind);
      expect(result.phase).toBe('release');
      expect(result.left.toSorted()).toEqual(world.left().toSorted());
      expect(result.left.some((line) => kind.test(line))).toBe(true);
      expect(world.actsOf('terminateSource')).toEqual([world.source.instanceId]);
      expect(world.serving().instances).toEqual(['i-elsewhere', 'i-other0', ...world.actsOf('launchShadow')]);
    });
  });

  describe('on the way back', () => {
    /** Adopts the replacement, then cannot show that the source is idle: everything has to be undone. */
    const failAtTheEndOfDrain = (world: FakeWorld): { readonly met: number } => world.fault({ activity: 'verifySourceIdle', kind: 'isRefused', times: Infinity });

    it.each(UNDOS)('once, in %s, and then loses the reply: is undone whole', async (activity) => {
      const world = bench.world();
      failAtTheEndOfDrain(world);
      const faults = (['fails', 'losesReply'] as const).map((kind) => world.fault({ activity, phase: 'rollback', kind }));
      expect(await bench.run(world)).toMatchObject({ kind: 'RolledBack', phase: 'drain' });
      expect(faults.map(({ met }) => met)).toEqual([1, 1]);
      expectUntouched(world);
    });

    it.each(UNDOS)('for ever, in %s: an operator is told exactly what is left, and no request failed', async (activity) => {
      const world = bench.world();
      failAtTheEndOfDrain(world);
      const fault = world.fault({ activity, phase: 'rollback', kind: 'fails', times: Infinity });
      const result = await bench.run(world);
      if (result.kind !== 'NeedsOperator') throw new Error(result.kind);
      expect(result).toMatchObject({ phase: 'drain', reasons: ['verifySourceIdle is not allowed'] });
      expect(fault.met).toBeGreaterThan(10);
      // What failed is named with its reason, and what exists with its id; nothing that exists goes unnamed.
      expect(result.left.filter((line) => line.endsWith(`: ${activity} is unavailable`))).toHaveLength(1);
      for (const line of world.left()) expect(result.left).toContain(line);
      const [shadow = ''] = world.actsOf('launchShadow');
      if (world.running().includes(shadow)) expect(result.left.join('\n')).toContain(shadow);
      expect(result.left.filter((line) => !line.includes(': '))).toEqual(world.left());
      expect(world.violations).toEqual([]);
      expect(world.running()).toContain(world.source.instanceId);
    });

    it('for good, in giving the traffic back: the shadow, which may serve, is not terminated', async () => {
      const world = bench.world();
      failAtTheEndOfDrain(world);
      world.fault({ activity: 'setWeights', phase: 'rollback', kind: 'isRefused', times: Infinity });
      const result = await bench.run(world);
      if (result.kind !== 'NeedsOperator') throw new Error(result.kind);
      const [shadow = ''] = world.actsOf('launchShadow');
      expect(world.running()).toContain(shadow);
      expect(result.left).toContain(`terminate the shadow: not tried, because "give the traffic back to the source" failed`);
      expect(result.left).toContain(`instance ${shadow}`);
      expect(world.violations).toEqual([]);
    });

    it('cannot say what is left when nobody answers, and says that', async () => {
      const world = bench.world();
      failAtTheEndOfDrain(world);
      world.fault({ activity: 'listLeftovers', kind: 'isRefused', times: Infinity });
      expect(await bench.run(world)).toMatchObject({ kind: 'NeedsOperator', left: ['it is unknown whether anything is left over: listLeftovers is not allowed'] });
    });
  });
});

/** What was done, without the ids, which differ where an instance does. */
function namesOf(world: FakeWorld): string[] {
  return world.acts.map(({ activity, phase }) => `${phase} ${activity}`);
}
