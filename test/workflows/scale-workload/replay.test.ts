import type { WorkflowHandle } from '@temporalio/client';
import { keepHistory } from '../recorded-histories';
import { WorkloadBench, type FakeWorkload, type Scale } from './workload-bench';

/* Each story is told on workers that keep no workflow, as when the worker died between any two steps, and is kept as a history that later versions must replay. */
const SHAPES = { kind: 'shape', instanceIds: ['i-0000000a', 'i-0000000b'], shapes: ['m7i.large', 'm7i.xlarge'] };

const STORIES: Readonly<Record<string, (bench: WorkloadBench, workload: FakeWorkload) => Promise<WorkflowHandle<Scale>>>> = {
  'burst-met-and-over': async (bench, workload) => {
    workload.burst = { withinMinutes: 30, probability: 0.9, levels: [0.5, 0.9], sizePercent: [120, 150], expectedStartMs: (await bench.env.currentTimeMs()) + 5 * 60_000, reason: 'kin burst now' };
    const handle = await bench.begin(workload, { policy: { burstPredictionIntervalMs: 7_200_000 } });
    await bench.until(handle, ({ changes }) => changes.length === 2);
    await handle.executeUpdate('stop', { args: [{ reason: 'over' }] });
    return handle;
  },
  'no-room-paused-and-cancelled': async (bench, workload) => {
    workload.load = () => 95;
    workload.group.capacity = 2;
    const handle = await bench.begin(workload);
    await bench.until(handle, ({ changes }) => changes.length === 1);
    await handle.executeUpdate('pause', { args: [{ reason: 'wait' }] });
    await bench.env.sleep('30m');
    await handle.cancel();
    return handle;
  },
  'larger-and-back': async (bench, workload) => {
    workload.load = () => 95;
    const handle = await bench.begin(workload, { by: SHAPES });
    await bench.until(handle, ({ changes }) => changes.length === 1);
    await handle.executeUpdate('stop', { args: [{ reason: 'over' }] });
    return handle;
  },
};
const NAMES = Object.keys(STORIES);

describe('a workload that is looked after', () => {
  let bench: WorkloadBench;
  beforeAll(async () => {
    bench = await WorkloadBench.start({ maxCachedWorkflows: 0 });
  });
  afterAll(() => bench.stop());

  it.each(NAMES)('is what it was in the end where a worker died between any two steps: %s', async (name) => {
    const workload = bench.fresh(name);
    const handle = await STORIES[name]?.(bench, workload);
    expect(await handle?.result()).toMatchObject({ left: [] });
    expect([workload.group.desired, ...workload.shapes.values()]).toEqual([2, 'm7i.large', 'm7i.large']);
    if (handle !== undefined) await keepHistory(`scale-workload/${name}`, handle);
  });
});
