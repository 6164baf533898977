import type { Activity, FakeWorld, Phase } from './fake-world';
import { OTHER_REGION } from './fixtures';
import { SagaBench, failureOf } from './saga-bench';

/** The calls that only a move to another region makes, or makes there, with a way back; and the strategy that needs each. */
const ACTS: readonly (readonly [Phase, Activity, 'image' | 'blocks'])[] = [
  ['reserve', 'reserveCapacity', 'image'],
  ['shadow', 'copyImage', 'image'],
  ['shadow', 'launchShadow', 'image'],
  ['sync', 'copySnapshots', 'image'],
  ['sync', 'writeBlocks', 'blocks'],
  ['sync', 'replaceVolumes', 'image'],
  ['drain', 'adoptReplacement', 'image'],
];
const UNDOS: readonly Activity[] = ['disownReplacement', 'terminateShadows', 'deleteImages', 'releaseReservations'];

describe('a migration to another region', () => {
  let bench: SagaBench;
  let stopElsewhere: () => Promise<void>;
  beforeAll(async () => {
    bench = await SagaBench.start();
    stopElsewhere = await bench.serveElsewhere();
  });
  afterAll(async () => {
    await stopElsewhere();
    await bench.stop();
  });

  const newWorld = (): FakeWorld => bench.world({ traffic: false, others: 0 });
  const input = { region: OTHER_REGION } as const;
  const everythingLeft = (world: FakeWorld): string[] => [...world.left(), ...world.elsewhere.left()];
  const namesOf = (world: FakeWorld): string[] => [...world.acts, ...world.elsewhere.acts].map(({ activity, phase }) => `${phase} ${activity}`);
  const expectUntouched = (world: FakeWorld): void => {
    expect(everythingLeft(world)).toEqual([]);
    expect(world.running()).toEqual([world.source.instanceId]);
    expect(world.elsewhere.running()).toEqual([]);
  };
  const expectMoved = (world: FakeWorld): void => {
    expect(everythingLeft(world)).toEqual([]);
    expect(world.running()).toEqual([]);
    expect(world.elsewhere.running()).toEqual(world.elsewhere.actsOf('launchShadow'));
  };

  describe('that nothing disturbs', () => {
    it.each([
      ['none', [], []],
      ['image', ['copySnapshots', 'stopShadow', 'replaceVolumes', 'startShadow'], ['snapshotSource']],
      ['blocks', ['writeBlocks', 'stopShadow', 'replaceVolumes', 'startShadow'], ['snapshotSource']],
    ] as const)('by %s, copies, reserves and launches there, reads and ends the source here, and leaves nothing in either', async (sync, there, here) => {
      const world = newWorld();
      const result = await bench.run(world, { ...input, sync });
      expect(result).toMatchObject({ kind: 'Completed', region: OTHER_REGION, zone: `${OTHER_REGION}a`, notes: expect.arrayContaining(['its network is vpc-west, by the tag foreshift:vpc=shop']) });
      const doneIn = (region: FakeWorld): Activity[] => [...new Set(region.acts.map(({ activity }) => activity))];
      expect(doneIn(world.elsewhere)).toEqual(['reserveCapacity', 'copyImage', 'launchShadow', ...there, 'adoptReplacement', 'deleteImages', 'releaseReservations']);
      expect(doneIn(world)).toEqual(['createImage', ...here, 'terminateSource', 'deleteImages']);
      expectMoved(world);
    });

    it('hands the state of a service over to it, and speaks to each side in its region', async () => {
      const world = newWorld();
      expect(await bench.run(world, { ...input, sync: 'replicate' })).toMatchObject({ kind: 'Completed', region: OTHER_REGION });
      expect(world.agents.hasState(world.elsewhere.actsOf('launchShadow')[0] ?? '')).toBe(true);
      expectMoved(world);
    });

    it('encrypts what is copied with the key that is named', async () => {
      const world = newWorld();
      expect(await bench.run(world, { ...input, kmsKeyId: 'alias/mine' })).toMatchObject({ kind: 'Completed' });
      const copies = world.audit.filter(({ kind, summary }) => kind === 'act' && summary.startsWith('copy')).map(({ summary, detail }) => [summary, (detail as { args: { kmsKeyId?: string } }).args.kmsKeyId]);
      expect(copies).toEqual([['copyImage', 'alias/mine'], ['copySnapshots', 'alias/mine']]);
    });

    it('to the region that it is in already is a move within it', async () => {
      const world = newWorld();
      const result = await bench.run(world, { region: 'us-east-1' });
      expect(result).toMatchObject({ kind: 'Completed', zone: 'us-east-1a' });
      expect(result).not.toHaveProperty('region');
      expect(world.elsewhere.calls).toEqual([]);
    });
  });

  describe('before it begins', () => {
    it('says in the plan where it goes, what it copies and which network it will be in, and changes nothing', async () => {
      const world = newWorld();
      const result = await bench.run(world, { ...input, dryRun: true });
      if (result.kind !== 'Planned') throw new Error(JSON.stringify(result));
      expect(result.plan).toMatchObject({ region: OTHER_REGION, from: { zone: 'us-east-1a' } });
      expect(result.plan.rungs.map(({ zone, subnetId }) => `${zone} ${subnetId}`)).toEqual([`${OTHER_REGION}a subnet-west-0`, `${OTHER_REGION}b subnet-west-1`]);
      expect(result.plan.creates).toContain(`a copy of that in ${OTHER_REGION}, removed at the end`);
      expect(result.plan.why).toContain('its network is vpc-west, by the tag foreshift:vpc=shop');
      expect([...world.acts, ...world.elsewhere.acts]).toEqual([]);
    });

    it('is refused for an instance behind a load balancer, and told what to do instead', async () => {
      const world = bench.world();
      expect(await bench.run(world, input)).toEqual({ kind: 'Refused', error: 'Conflict', reasons: [expect.stringMatching(/is in the target group pool, and a load balancer serves its own region only: provision replicas in us-west-2/)] });
      expect(world.acts).toEqual([]);
      expect(world.elsewhere.calls).toEqual([]);
    });

    it('is refused for a region that nobody serves, naming those there are', async () => {
      const world = newWorld();
      expect(await failureOf(bench.run(world, { region: 'eu-west-1' }))).toMatchObject({ type: 'InvalidInput', message: 'region is eu-west-1; expected one that the workers serve: us-east-1, us-west-2' });
      expectUntouched(world);
      expect(await failureOf(bench.run(newWorld(), { region: '' }))).toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('region is ""') });
    });

    it('is refused where the network there is not clear', async () => {
      const world = newWorld();
      world.elsewhere.fault({ activity: 'matchNetwork', kind: 'isRefused' });
      expect(await failureOf(bench.run(world, input))).toMatchObject({ message: 'matchNetwork is not allowed' });
      expectUntouched(world);
    });

    it('is refused where that region has no room, with a reason for each place', async () => {
      const world = newWorld();
      for (const zone of ['a', 'b']) world.elsewhere.full.add(`m7i.xlarge in ${OTHER_REGION}${zone}`);
      expect(await bench.run(world, input)).toMatchObject({ kind: 'Refused', error: 'InsufficientCapacity', reasons: [expect.stringContaining(`${OTHER_REGION}a`), expect.stringContaining(`${OTHER_REGION}b`)] });
      expectUntouched(world);
    });
  });

  it.each(ACTS)('in %s goes back, in both regions, where %s fails for ever', async (phase, activity, sync) => {
    const world = newWorld();
    world.elsewhere.fault({ activity, phase, kind: 'fails', times: Infinity });
    expect(await bench.run(world, { ...input, sync })).toMatchObject({ kind: 'RolledBack', phase, reasons: [`${activity} is unavailable`] });
    expectUntouched(world);
  });

  it.each(ACTS)('in %s goes back, in both regions, where %s happens and is never answered', async (phase, activity, sync) => {
    const world = newWorld();
    world.elsewhere.fault({ activity, phase, kind: 'losesReply', times: Infinity });
    expect(await bench.run(world, { ...input, sync })).toMatchObject({ kind: 'RolledBack', phase });
    expectUntouched(world);
  });

  it.each(ACTS)('in %s does nothing twice where the reply of %s is lost once', async (phase, activity, sync) => {
    const [undisturbed, world] = [newWorld(), newWorld()];
    await bench.run(undisturbed, { ...input, sync });
    const fault = world.elsewhere.fault({ activity, phase, kind: 'losesReply' });
    expect(await bench.run(world, { ...input, sync })).toMatchObject({ kind: 'Completed' });
    expect(fault.met).toBe(1);
    expect(namesOf(world)).toEqual(namesOf(undisturbed));
    expectMoved(world);
  });

  it.each(ACTS)('in %s is undone whole where it is cancelled while %s runs', async (phase, activity, sync) => {
    const world = newWorld();
    world.elsewhere.fault({ activity, phase, kind: 'hangs' });
    let cancel: () => Promise<unknown> = async () => undefined;
    world.elsewhere.during(activity, phase, () => cancel());
    const handle = await bench.start(world, { ...input, sync, approval: 'required' });
    cancel = () => handle.cancel();
    const { planHash } = await bench.until(handle, ({ awaitingApproval }) => awaitingApproval !== null);
    await handle.executeUpdate('approve', { args: [{ planHash }] });
    expect(await failureOf(handle.result())).toMatchObject({ name: 'CancelledFailure' });
    expect(await bench.status(handle)).toMatchObject({ outcome: 'RolledBack', region: OTHER_REGION, undo: [], left: [] });
    expectUntouched(world);
  });

  it.each(UNDOS)('tells an operator what is left and in which region where %s fails for ever on the way back', async (activity) => {
    const world = newWorld();
    world.fault({ activity: 'verifySourceIdle', kind: 'isRefused', times: Infinity });
    world.elsewhere.fault({ activity, phase: 'rollback', kind: 'fails', times: Infinity });
    const result = await bench.run(world, input);
    if (result.kind !== 'NeedsOperator') throw new Error(result.kind);
    expect(result.left.filter((line) => line.endsWith(`: ${activity} is unavailable`))).toHaveLength(1);
    expect(result.left.filter((line) => !line.includes(': '))).toEqual(world.elsewhere.left().map((line) => `${line} in ${OTHER_REGION}`));
    expect(world.left()).toEqual([]);
    expect(world.running()).toEqual([world.source.instanceId]);
  });

  it('past the point of no return, names the copies that could not be deleted there', async () => {
    const world = newWorld();
    world.elsewhere.fault({ activity: 'deleteImages', phase: 'release', kind: 'fails', times: Infinity });
    const result = await bench.run(world, input);
    if (result.kind !== 'NeedsOperator') throw new Error(result.kind);
    expect(result.left).toEqual(world.elsewhere.left().map((line) => `${line} in ${OTHER_REGION}`));
    expect(result.left.some((line) => line.startsWith('image '))).toBe(true);
    expect(world.running()).toEqual([]);
  });

  it('that goes back while the other region does not answer says so, and still tells of its own', async () => {
    const world = newWorld();
    world.fault({ activity: 'verifySourceIdle', kind: 'isRefused', times: Infinity });
    world.elsewhere.fault({ activity: 'listLeftovers', kind: 'isRefused', times: Infinity });
    expect(await bench.run(world, input)).toMatchObject({ kind: 'NeedsOperator', left: [`it is unknown whether anything is left over in ${OTHER_REGION}: listLeftovers is not allowed`] });
  });
});
