import type { WorkflowHandle } from '@temporalio/client';
import type { HoldStatus } from '../../../src/contracts/pre-allocate-capacity';
import { keepHistory } from '../recorded-histories';
import { CapacityBench, TEMPLATE } from './capacity-bench';
import { ZONES } from './fake-cloud';

/*
 * Each story is told on workers that keep no workflow: every workflow task replays all of the history before it, as when the worker died
 * between any two steps. And each is kept as a history that later versions must replay.
 */
const MINUTE_MS = 60_000;
/** Every step costs the replay of all before it. */
const REPLAYED_AT_EVERY_STEP_MS = 150_000;

interface Story {
  readonly outcome: string;
  readonly tell: (bench: CapacityBench) => Promise<WorkflowHandle>;
}

const STORIES: Readonly<Record<string, Story>> = {
  'provisioned-on-other-rungs': {
    outcome: 'Provisioned',
    async tell(bench) {
      bench.cloud.capacity.set('m7i.large in us-east-1a', 1).set('m7i.large in us-east-1b', 0);
      return bench.start(bench.request({ requestId: 'rungs' }));
    },
  },
  'rolled-back-in-launch': {
    outcome: 'RolledBack',
    async tell(bench) {
      bench.cloud.fault({ call: 'launch', kind: 'isRefused', times: 2 });
      return bench.start(bench.request({ requestId: 'rolled-back' }));
    },
  },
  'refused-without-capacity': {
    outcome: 'Refused',
    async tell(bench) {
      for (const shape of ['m7i.large', 'm7i.xlarge', 'c7i.large']) for (const zone of ZONES) bench.cloud.capacity.set(`${shape} in ${zone}`, 0);
      return bench.start(bench.request({ requestId: 'no-room' }));
    },
  },
  'kept-through-an-outage-and-released': {
    outcome: 'Released',
    async tell(bench) {
      const handle = await bench.start(bench.request({ requestId: 'kept', keep: true }));
      await bench.env.sleep('1m');
      bench.cloud.darken('us-east-1a');
      await bench.env.sleep('3m');
      await handle.executeUpdate('release', { args: [{ reason: 'over' }] });
      return handle;
    },
  },
  'held-handed-over-and-ended': {
    outcome: 'Ended',
    async tell(bench) {
      const fromMs = (await bench.nowMs()) + 60 * MINUTE_MS;
      bench.need = { needFromMs: fromMs, shortfall: { vcpus: 2.8, memoryMiB: 4096 }, why: [] };
      const window = [fromMs, fromMs + 60 * MINUTE_MS].map((ms) => new Date(ms).toISOString()).join('/');
      const handle = await bench.hold({ pool: 'shop', window, template: TEMPLATE, zones: ZONES, constraints: { allow: ['m7i.large'] }, refreshMs: 30 * MINUTE_MS });
      await bench.env.sleep('61m');
      const [held] = (await handle.query<HoldStatus>('status')).held;
      await handle.executeUpdate('handOver', { args: [{ claimId: 'claim', by: 'migration/i-1', zone: held?.zone, shape: held?.shape }] });
      return handle;
    },
  },
  'held-beyond-reservations-and-ended': {
    outcome: 'Ended',
    async tell(bench) {
      for (const zone of ZONES) bench.cloud.capacity.set(`m7i.large in ${zone}`, 0);
      const group = bench.cloud.addGroup('shop-asg', { max: 3 });
      const fromMs = (await bench.nowMs()) + 60 * MINUTE_MS;
      bench.need = { needFromMs: fromMs, shortfall: { vcpus: 2.8, memoryMiB: 4096 }, why: [] };
      const window = [fromMs, fromMs + 60 * MINUTE_MS].map((ms) => new Date(ms).toISOString()).join('/');
      const handle = await bench.hold({ pool: 'shop', window, template: TEMPLATE, zones: ZONES.slice(0, 1), constraints: { allow: ['m7i.large'] }, means: ['auto-scaling', 'spot'], autoScalingGroup: 'shop-asg', refreshMs: 40 * MINUTE_MS });
      await bench.env.sleep('61m');
      expect([group.desired, bench.cloud.replicas().length]).toEqual([3, 1]);
      return handle;
    },
  },
};
const NAMES = Object.keys(STORIES);

describe('a story of capacity', () => {
  let bench: CapacityBench;
  beforeAll(async () => {
    bench = await CapacityBench.start({ maxCachedWorkflows: 0 });
  });
  afterAll(() => bench.stop());

  it.each(NAMES)('goes on where a worker died between any two steps: %s', async (name) => {
    const cloud = bench.fresh();
    const { outcome, tell } = STORIES[name] as Story;
    const handle = await tell(bench);
    expect(await handle.result()).toMatchObject({ kind: outcome });
    expect(cloud.left()).toEqual([]);
    await keepHistory(`capacity/${name}`, handle);
  }, REPLAYED_AT_EVERY_STEP_MS);
});
