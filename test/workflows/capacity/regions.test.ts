import type { HoldStatus } from '../../../src/contracts/pre-allocate-capacity';
import { CapacityBench, TEMPLATE } from './capacity-bench';
import { FakeCloud } from './fake-cloud';

const MINUTE_MS = 60_000;

describe('capacity in another region', () => {
  let bench: CapacityBench;
  let west: FakeCloud;
  let stopWest: () => Promise<void>;
  beforeAll(async () => {
    bench = await CapacityBench.start();
    stopWest = await bench.serveAlso('us-west-2', () => west);
  });
  afterAll(async () => {
    await stopWest();
    await bench.stop();
  });
  beforeEach(() => {
    bench.fresh();
    west = new FakeCloud();
  });

  it('is provided by the workers of that region, to the last undo, and nothing is asked of the own one', async () => {
    expect(await bench.run(bench.request({ region: 'us-west-2' }))).toMatchObject({ kind: 'Provisioned', complete: true });
    expect(west.replicas()).toHaveLength(2);
    west.fault({ call: 'launch', kind: 'isRefused', times: 2 });
    expect(await bench.run(bench.request({ region: 'us-west-2' }))).toMatchObject({ kind: 'RolledBack' });
    expect(west.replicas()).toHaveLength(2);
    expect(west.left()).toEqual([]);
    expect(bench.cloud.calls).toEqual([]);
  });

  it('is kept and released there', async () => {
    const handle = await bench.start(bench.request({ region: 'us-west-2', keep: true }));
    await bench.env.sleep('1m');
    west.kill(west.replicas()[0] ?? '');
    await bench.env.sleep('2m');
    expect(west.replicas()).toHaveLength(2);
    await handle.executeUpdate('release', { args: [] });
    expect(await handle.result()).toMatchObject({ kind: 'Released', replaced: 1 });
    expect(west.replicas()).toEqual([]);
    expect(bench.cloud.calls).toEqual([]);
  });

  it('is held there', async () => {
    const fromMs = await bench.nowMs();
    bench.need = { needFromMs: fromMs, shortfall: { vcpus: 1, memoryMiB: 1024 }, why: [] };
    const window = [fromMs, fromMs + 60 * MINUTE_MS].map((ms) => new Date(ms).toISOString()).join('/');
    const handle = await bench.hold({ pool: 'shop', window, template: TEMPLATE, region: 'us-west-2' });
    await bench.env.sleep('10m');
    expect((await handle.query<HoldStatus>('status')).held).toHaveLength(1);
    expect(west.left()).toHaveLength(1);
    expect(await handle.result()).toMatchObject({ kind: 'Ended' });
    expect(west.left()).toEqual([]);
    expect(bench.cloud.calls).toEqual([]);
  });

  it('is refused at once for a region that nobody serves, naming those there are', async () => {
    const refused = { kind: 'Refused', error: 'InvalidInput', reasons: [expect.stringMatching(/region is eu-west-1; expected one that the workers serve: us-east-1, us-west-2, sa-east-1/)] };
    expect(await bench.run(bench.request({ region: 'eu-west-1' }))).toMatchObject(refused);
    const fromMs = await bench.nowMs();
    const window = [fromMs, fromMs + MINUTE_MS].map((ms) => new Date(ms).toISOString()).join('/');
    const hold = await bench.hold({ pool: 'shop', window, template: TEMPLATE, region: 'eu-west-1' });
    expect(await hold.result()).toMatchObject(refused);
  });

  it('is refused where no worker of the region takes a task, and begins nothing', async () => {
    expect(await bench.run(bench.request({ region: 'sa-east-1' }))).toMatchObject({
      kind: 'Refused',
      error: 'Unavailable',
      reasons: [expect.stringMatching(/region is sa-east-1, and within 10s no worker took a task from its queue, capacity-bench-sa-east-1/)],
    });
    expect(bench.cloud.calls).toEqual([]);
  });
});
