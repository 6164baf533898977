import type { Activity, FakeWorld, Phase } from './fake-world';
import { SagaBench } from './saga-bench';

const ACTS: readonly (readonly [Phase, Activity])[] = [
  ['sync', 'beginSync'],
  ['ramp', 'handOverState'],
  ['ramp', 'beginSyncBack'],
];

describe('a migration that lets an application hand its own state over', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    bench = await SagaBench.start();
  });
  afterAll(() => bench.stop());

  const run = (world: FakeWorld) => bench.run(world, { sync: 'application' });
  const shadowOf = (world: FakeWorld): string => world.actsOf('launchShadow')[0] ?? '';
  const expectLive = (world: FakeWorld, instanceId: string): void => {
    expect([world.violations, world.application.violations, world.left()]).toEqual([[], [], []]);
    expect(world.application.live()).toEqual([instanceId]);
    expect(world.serving().routesAsBefore).toBe(true);
  };

  it.each([true, false])('waits until the shadow follows, hands over once, lets the source follow until it goes (balancer: %s)', async (traffic) => {
    const world = bench.world({ traffic });
    expect(await run(world)).toMatchObject({ kind: 'Completed' });
    const [source, shadow] = [world.source.instanceId, shadowOf(world)];
    expect(world.application.told).toEqual([`${shadow} follows ${source}`, `${source} releases`, `${shadow} takes over`, `${source} follows ${shadow}`, `${source} leaves`]);
    expectLive(world, shadow);
  });

  it('hands it back where the shadow turns bad in the bake', async () => {
    const world = bench.world();
    world.during('beginSyncBack', 'ramp', async () => void (world.shadowErrorRatio = 0.3));
    expect(await run(world)).toMatchObject({ kind: 'RolledBack', phase: 'bake' });
    const [source, shadow] = [world.source.instanceId, shadowOf(world)];
    expect(world.application.told.slice(-3)).toEqual([`${shadow} releases`, `${source} takes over`, `${shadow} leaves`]);
    expectLive(world, source);
  });

  it.each(ACTS)('in %s goes back where %s happens and is never answered', async (phase, activity) => {
    const world = bench.world();
    world.fault({ activity, phase, kind: 'losesReply', times: Infinity });
    expect(await run(world)).toMatchObject({ kind: 'RolledBack', phase });
    expectLive(world, world.source.instanceId);
  });

  it('lets the source go on and goes back where the shadow cannot take over in time', async () => {
    const world = bench.world();
    world.application.loses = (hook) => {
      if (hook !== 'release') return 'nothing';
      world.application.cut.add(shadowOf(world));
      world.application.write();
      return 'nothing';
    };
    expect(await run(world)).toMatchObject({ kind: 'RolledBack', phase: 'ramp', reasons: [expect.stringContaining('the pause was given up')] });
    expectLive(world, world.source.instanceId);
  });

  it('asks an operator where the source falls silent: nobody knows whether it serves', async () => {
    const world = bench.world();
    world.during('beginSync', 'sync', async () => void world.application.silent.add(world.source.instanceId));
    expect(await run(world)).toMatchObject({ kind: 'NeedsOperator', phase: 'sync' });
    expect(world.application.live()).toEqual([world.source.instanceId]);
    expect(world.running()).toContain(shadowOf(world));
  });
});
