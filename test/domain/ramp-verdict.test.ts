import fc from 'fast-check';
import { DEFAULT_POLICY } from '../../src/domain/migration-policy';
import { judgeRampStep } from '../../src/domain/ramp-verdict';
import type { TrafficSample } from '../../src/domain/ramp-verdict';

const { gate } = DEFAULT_POLICY.ramp;
const sample = (over: Partial<TrafficSample> = {}): TrafficSample => ({ requests: 1_000, errors: 0, p50Ms: 10, p99Ms: 40, ...over });

describe('the verdict on a step of the ramp', () => {
  it.each<[string, 'pass' | 'fail' | 'inconclusive' | 'noData', Partial<TrafficSample>, Partial<TrafficSample>]>([
    ['passes a shadow that answers like the source', 'pass', {}, {}],
    ['passes a shadow as faulty as the source', 'pass', { errors: 100 }, { errors: 100 }],
    ['passes an increase of errors within the allowance', 'pass', { errors: 10 }, {}],
    ['fails an increase of errors above it', 'fail', { errors: 40 }, {}],
    ['fails errors against a source that served nothing', 'fail', { errors: 40 }, { requests: 0, p50Ms: null, p99Ms: null }],
    ['fails errors even before there are requests enough', 'fail', { requests: 20, errors: 20 }, {}],
    ['does not take two errors for a regression', 'inconclusive', { requests: 10, errors: 2 }, {}],
    ['does not take few requests for evidence', 'inconclusive', { requests: 49 }, {}],
    ['does not take silence for health', 'noData', { requests: 0, p50Ms: null, p99Ms: null }, {}],
    ['fails a median that is much slower', 'fail', { p50Ms: 41 }, {}],
    ['fails a p99 that is much slower', 'fail', { p99Ms: 86 }, {}],
    ['does not take the slowest of few requests for a p99', 'pass', { requests: 299, p99Ms: 400 }, {}],
    ['takes the p99 of enough requests for one', 'fail', { requests: 300, p99Ms: 400 }, {}],
    ['passes what is slower by less than anybody notices', 'pass', { p50Ms: 39, p99Ms: 84 }, {}],
    ['has no latency to compare where the source served little', 'pass', { p50Ms: 500, p99Ms: 900 }, { requests: 49 }],
  ])('%s', (_, kind, shadow, source) => {
    expect(judgeRampStep(sample(shadow), sample(source), gate).kind).toBe(kind);
  });

  it('names the numbers', () => {
    expect(judgeRampStep(sample({ errors: 40 }), sample(), gate).why).toBe("4.0 % of the shadow's 1000 requests failed, 0.0 % of the source's 1000");
    expect(judgeRampStep(sample({ p99Ms: 86 }), sample(), gate).why).toBe('p99 86.0 ms on the shadow against 40.0 ms on the source; the bound is 85.0 ms');
  });

  it('never passes on more errors, or slower, what fails on fewer or faster', () => {
    const order = { pass: 0, inconclusive: 1, noData: 1, fail: 2 } as const;
    const count = fc.integer({ min: 1, max: 2_000 });
    const latency = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(count, count, fc.nat(2_000), fc.nat(200), latency, fc.nat(500), (requests, sourceRequests, errors, more, p99Ms, slower) => {
        const source = sample({ requests: sourceRequests });
        const better = sample({ requests, errors: Math.min(errors, requests), p99Ms });
        const worse = sample({ requests, errors: Math.min(errors + more, requests), p99Ms: p99Ms + slower });
        expect(order[judgeRampStep(worse, source, gate).kind]).toBeGreaterThanOrEqual(order[judgeRampStep(better, source, gate).kind]);
      }),
    );
  });
});
