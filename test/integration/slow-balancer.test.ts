import { LiveFleet } from './live-fleet';

/** Twice and more what the worker waits for by itself; half a minute where all faults are tried. */
const LATE_MS = process.env['FORESHIFT_TEST_FAULTS'] === 'all' ? 30_000 : 4_000;
const THROTTLED = ['ModifyListener', 'ModifyRule', 'DescribeTargetHealth', 'DeregisterTargets'];

describe('a balancer that serves what it was told long after it answers, and is throttled', () => {
  let live: LiveFleet;
  beforeAll(async () => {
    live = await LiveFleet.start('test-slow-balancer');
  }, 300_000);
  afterAll(async () => {
    await live.stop();
  });

  it('fails no request, cuts no slow one, and loses its old target only when nothing reaches it any more', async () => {
    const before = await live.inventory();
    const instanceId = live.instance('web-1');
    await live.control('PUT', '/_local/delays', { balancerPropagationMs: LATE_MS });
    for (const operation of THROTTLED) await live.control('POST', '/_local/faults', { kind: 'error', operation: `elasticloadbalancing:${operation}`, code: 'Throttling', status: 400, times: 2 });
    const traffic = live.traffic(3_000);
    const result = await live.migrate({ instanceId, rampStepsPercent: [50, 100], rampStepMs: LATE_MS, bakeMs: 2_000 });
    const { sent, failed, firstFailures } = await traffic.stop();
    expect(result).toMatchObject({ kind: 'Completed', instanceId });
    expect({ failed, firstFailures }).toEqual({ failed: 0, firstFailures: [] });
    expect(sent).toBeGreaterThan(2_000);
    expect(await live.leftSince(before, result)).toEqual([]);
  }, 600_000);
});
