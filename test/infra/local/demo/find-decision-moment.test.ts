import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findDecisionMoment } from '../../../../infra/local/demo/find-decision-moment';
import { generateHistory } from '../../../../infra/local/demo/history-generator';
import { scaleToPercent } from '../../../../infra/local/demo/scale-to-percent';
import { readTrace } from '../../../../infra/local/demo/trace-csv';
import type { ContentionPolicy } from '../../../../src/domain/contention-assessment';
import { createForecastEngine, type ForecastEngine } from '../../../../src/forecasting/forecast-engine';
import type { LoadSeries } from '../../../../src/forecasting/load-series';
import { regularizePoints } from '../../../../src/forecasting/regularize-points';

const MINUTE = 60_000;
const DAY = 288;
const TRACES = join(__dirname, '../../../../../shared/data/traces/series');
const TRACE = join(TRACES, 'nab_aws__ec2_cpu_utilization_53ea38.csv.gz');
const policy: ContentionPolicy = { horizonMs: 120 * MINUTE, quantile: 0.9, minProbability: 0.7, minLeadMs: 10 * MINUTE };

function generated(profile: 'growing' | 'steady'): LoadSeries {
  const growth = { limit: 85, passesAfterPoints: 9 * DAY + 150 };
  const values = generateHistory({ seed: 3, profile, metric: 'cpuPercent', startAtMs: 0, stepMs: 5 * MINUTE, points: 10 * DAY, growth });
  return { id: profile, startAtMs: 0, stepMs: 5 * MINUTE, values, bounds: { lower: 0, upper: 100 } };
}

describe('the moment of decision', () => {
  let engine: ForecastEngine;
  beforeAll(() => (engine = createForecastEngine({ threads: 2 })));
  afterAll(() => engine.close());

  it('is found before a growing load passes its limit, and comes true', async () => {
    const series = generated('growing');
    const found = await findDecisionMoment({ series, limitPercent: 85, policy, startShare: 0.8 }, engine);
    expect(found?.assessment).toMatchObject({ contended: true, metric: 'cpuPercent', leadSufficient: true });
    expect(series.values[found?.tickIndex ?? 0]).toBeLessThan(85);
    expect(found?.cameTrue).toMatchObject({ passed: true });
  });

  it('is not found where the load stays low', async () => {
    await expect(findDecisionMoment({ series: generated('steady'), limitPercent: 85, policy, startShare: 0.9 }, engine)).resolves.toBeNull();
  });

  it('does not depend on what comes after it', async () => {
    const series = generated('growing');
    const found = await findDecisionMoment({ series, limitPercent: 85, policy, startShare: 0.8 }, engine);
    const until = (found?.tickIndex ?? 0) + 2;
    const changed = { ...series, values: series.values.map((value, i) => (i < until ? value : 1)) };
    const again = await findDecisionMoment({ series: changed, limitPercent: 85, policy, startShare: 0.8 }, engine);
    expect(again?.tickIndex).toBe(found?.tickIndex);
    expect(again?.assessment).toEqual(found?.assessment);
    expect(again?.cameTrue).toEqual({ passed: false });
  });

  it('can be asked to stay the decision for the next steps as well', async () => {
    const series = generated('growing');
    const found = await findDecisionMoment({ series, limitPercent: 85, policy, startShare: 0.8 }, engine);
    const until = (found?.tickIndex ?? 0) + 1;
    // Right after the decision the load falls to nothing: whoever looks two steps later sees no contention any more.
    const falls = { ...series, values: series.values.map((value, i) => (i < until ? value : 1)) };
    await expect(findDecisionMoment({ series: falls, limitPercent: 85, policy, startShare: 0.8, steadySteps: 2 }, engine)).resolves.toBeNull();
    const steady = await findDecisionMoment({ series, limitPercent: 85, policy, startShare: 0.8, steadySteps: 2 }, engine);
    expect(steady?.tickIndex).toBeGreaterThanOrEqual(found?.tickIndex ?? Infinity);
  });

  (existsSync(TRACE) ? it : it.skip)('is found on a real trace (skipped where the shared traces are missing)', async () => {
    const series = scaleToPercent(regularizePoints(await readTrace(TRACE), { id: 'ec2' }), 85);
    const found = await findDecisionMoment({ series, limitPercent: 85, policy }, engine);
    // Whether it came true is no test of one moment: a forecast of probability 0.7 is right to fail three times in ten.
    expect(found?.assessment).toMatchObject({ contended: true, leadSufficient: true });
    expect(series.values[found?.tickIndex ?? 0]).toBeLessThan(85);
  });
});

it('scaling puts the limit at the 0.97 quantile and keeps gaps', () => {
  const values = [null, ...Array.from({ length: 101 }, (_, i) => i)];
  const { values: scaled, bounds } = scaleToPercent({ id: 's', startAtMs: 0, stepMs: 1, values }, 85);
  expect(scaled[0]).toBeNull();
  expect(scaled[98]).toBeCloseTo(85);
  expect(bounds).toEqual({ lower: 0, upper: 100 });
  expect(() => scaleToPercent({ id: 's', startAtMs: 0, stepMs: 1, values: [0, 0] }, 85)).toThrow('cannot be scaled');
});
