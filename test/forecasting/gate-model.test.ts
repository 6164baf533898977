import fc from 'fast-check';
import { STANDARD_LEVELS, type ModelState } from '../../src/forecasting/forecast-model';
import { createGateModel } from '../../src/forecasting/gate/gate-model';
import { snap, stretchRows } from '../../src/forecasting/gate/finish-mixture';
import { FAST_GATE, GATE } from '../../src/forecasting/gate/gate-settings';
import { SERIES_FEATURES, type GateInput } from '../../src/forecasting/gate/gate-input';
import { ANCHOR_LEVELS } from '../../src/forecasting/gate/anchor-levels';
import { askGate, type GateWeights } from '../../src/forecasting/gate/gate-network';
import { gateRules, lightenRules } from '../../src/forecasting/gate/gate-rules';
import { guardPeak } from '../../src/forecasting/gate/guard-peak';
import { createJudgedSeries, extendJudgedSeries, recentLosses } from '../../src/forecasting/gate/judged-series';
import { weighByGate } from '../../src/forecasting/gate/mix-by-gate';
import { shippedGates } from '../../src/forecasting/gate/shipped-gates';
import { fromWeightsFile, toWeightsFile } from '../../src/forecasting/gate/weights-file';
import type { LoadSeries } from '../../src/forecasting/load-series';
import { DAY, generateSeries } from './generated-series';

const model = createGateModel(shippedGates, GATE);
const fast = createGateModel(shippedGates, FAST_GATE);
const daily = (days: number): LoadSeries => generateSeries({ level: 40, slopePerDay: 0, daily: 15, noise: 1, memory: 0.5 }, days * DAY);

async function predict(series: LoadSeries, horizon: number, by = model) {
  const [prediction] = (await by.fit([series], { seed: 1 })).predict(horizon, STANDARD_LEVELS);
  if (prediction === undefined) throw new Error('no prediction');
  return prediction;
}

function expectSound(prediction: Awaited<ReturnType<typeof predict>>, { lower = -Infinity, upper = Infinity }) {
  for (const row of [...prediction.quantiles, prediction.peakQuantiles]) {
    row.forEach((value, l) => {
      expect(value).toBeGreaterThanOrEqual(Math.max(lower, row[l - 1] ?? -Infinity));
      expect(value).toBeLessThanOrEqual(upper);
    });
  }
  expect(prediction.mean.every((value) => value >= lower && value <= upper)).toBe(true);
}

describe('the gate model', () => {
  it.each([[6, model], [288, model], [6, fast], [288, fast]])('follows a daily load %d steps ahead far better than the last value', async (horizon, by) => {
    const whole = daily(15);
    const end = 14 * DAY - 40;
    const { quantiles } = await predict({ ...whole, values: whole.values.slice(0, end) }, horizon, by);
    const last = whole.values[end - 1] as number;
    let error = 0;
    let naive = 0;
    quantiles.forEach((row, h) => {
      error += Math.abs((row[9] as number) - (whole.values[end + h] as number));
      naive += Math.abs(last - (whole.values[end + h] as number));
    });
    expect(error / naive).toBeLessThan(horizon === 6 ? 0.9 : 0.3);
  });

  it('tells a constant load exactly', async () => {
    const constant = { ...daily(4), values: new Array<number>(4 * DAY).fill(7.3) };
    const { quantiles, mean, peakQuantiles } = await predict(constant, 6);
    expect(new Set([...quantiles.flat(), ...mean, ...peakQuantiles])).toEqual(new Set([7.3]));
  });

  it('keeps quantised load to values that were seen', async () => {
    const values = daily(7).values.map((value) => Math.round((value as number) / 10) * 10);
    const { quantiles } = await predict({ ...daily(7), values }, 6);
    expect(quantiles.flat().every((value) => value % 10 === 0)).toBe(true);
  });

  it('answers any history from one point on without crossing quantiles, within the bounds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: null, freq: 8 }), { minLength: 1, maxLength: 700 }),
        fc.constantFrom(1, 6, 30),
        fc.constantFrom(model, fast),
        async (values, horizon, by) => {
          fc.pre(values.some((value) => value !== null));
          const bounds = { lower: 0, upper: 100 };
          expectSound(await predict({ id: 'any', startAtMs: 0, stepMs: 300_000, values, bounds }, horizon, by), bounds);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('forecasts loads of any unit alike', async () => {
    const one = daily(5);
    const small = await predict(one, 6);
    const large = await predict({ ...one, values: one.values.map((value) => (value as number) * 1024) }, 6);
    large.quantiles.flat().forEach((value, i) => expect(value / 1024).toBeCloseTo(small.quantiles.flat()[i] as number, 6));
  });

  it('forecasts the same after being stored and restored', async () => {
    const fitted = await model.fit([daily(4)], { seed: 1 });
    const restored = await model.restore(JSON.parse(JSON.stringify(fitted.state)) as ModelState);
    expect(restored.predict(6, STANDARD_LEVELS)).toEqual(fitted.predict(6, STANDARD_LEVELS));
  });
});

describe('the shipped weights', () => {
  it.each(['short', 'day'] as const)('of the %s gate fit the rules that it mixes', (kind) => {
    const weights = shippedGates[kind];
    expect(weights.rules).toEqual(gateRules(kind === 'short' ? 6 : 288).map(({ name }) => name));
    expect(fromWeightsFile(toWeightsFile(weights))).toEqual(weights);
  });
});

describe('the weights of the gate', () => {
  const weights: GateWeights = { ...shippedGates.short, second: shippedGates.short.second.map(() => 0), secondBias: shippedGates.short.secondBias.map(() => 0) };
  const target = { step: 2, horizon: 6 } as const;
  const inputOf = (logLosses: Float64Array, ofPart = logLosses): GateInput => ({
    series: new Float64Array(SERIES_FEATURES),
    logLosses,
    logLossesByPart: [logLosses, ofPart, logLosses].map((row) => ANCHOR_LEVELS.map(() => row)),
  });
  const rowsOf = (place: Float64Array) => ANCHOR_LEVELS.map((_, a) => place.subarray(a * weights.rules.length, (a + 1) * weights.rules.length));
  const lossesWith = (best: number) => Float64Array.from(weights.rules, (_, r) => (r === best ? 0 : r === 4 ? Infinity : 3));

  it('go to the rule with the smallest loss where the network says nothing, and never to one that cannot forecast', () => {
    for (const row of rowsOf(askGate(weights, inputOf(lossesWith(3)))(target))) {
      expect(row[3]).toBeGreaterThan(0.99);
      expect(row[4]).toBe(0);
    }
  });

  it('are shared by a rule that is good on the whole and one that is good in this part of the horizon', () => {
    for (const row of rowsOf(askGate(weights, inputOf(lossesWith(3), lossesWith(5)))(target))) {
      expect((row[3] as number) + (row[5] as number)).toBeGreaterThan(0.9);
      expect(row[5]).toBeGreaterThan(0.05);
    }
  });

  it('are all zero where no rule can forecast', () => {
    const all = askGate(weights, inputOf(new Float64Array(weights.rules.length).fill(Infinity)))(target);
    expect(all.every((weight) => weight === 0)).toBe(true);
  });

  it('leave out rules that hardly count, and give their share to the rest', () => {
    const { rules, places, peak } = weighByGate(weights, inputOf(lossesWith(3)), 6, GATE);
    expect(rules).toEqual([3]);
    expect([...places, peak].flatMap(rowsOf).every((row) => row[3] === 1)).toBe(true);
  });
});

describe('lighter rules', () => {
  const context = { values: Float64Array.from({ length: 3 * DAY }, (_, i) => i), end: 2 * DAY, dayLength: DAY };

  it('keep their names and order; those left out cannot forecast, the others have a part of their paths, evenly spread', () => {
    const all = gateRules(6);
    const light = lightenRules(all, { mostPaths: 30, leftOut: ['regression'] });
    expect(light.map(({ name }) => name)).toEqual(all.map(({ name }) => name));
    all.forEach((rule, r) => {
      const whole = rule.paths(context, 6);
      const part = light[r]?.paths(context, 6) ?? null;
      if (rule.name === 'regression' || whole === null) return expect(part).toBeNull();
      expect(part?.count).toBe(Math.min(30, whole.count));
      const [ofWhole, ofPart] = [new Float64Array(whole.count), new Float64Array(part?.count ?? 0)];
      whole.column(5, ofWhole);
      part?.column(5, ofPart);
      expect([...ofPart]).toEqual(Array.from(ofPart, (_, s) => ofWhole[Math.floor((s * ofWhole.length) / ofPart.length)]));
    });
  });
});

describe('the judging of rules', () => {
  const series = daily(9);
  const horizon = 12;

  it('finds a moment once, and only new ones after more values', () => {
    const judged = createJudgedSeries({ ...series, values: series.values.slice(0, 8 * DAY) });
    recentLosses(judged, gateRules(horizon), horizon);
    const known = [...(judged.judged.get(horizon)?.keys() ?? [])];
    const later = extendJudgedSeries(judged, series.values.slice(8 * DAY, 8 * DAY + horizon));
    recentLosses(later, gateRules(horizon), horizon);
    const now = [...(later.judged.get(horizon)?.keys() ?? [])];
    expect(known).toHaveLength(4);
    expect(now).toContain((8 * DAY) * series.stepMs + series.startAtMs);
    expect(known.filter((at) => now.includes(at)).length).toBeGreaterThanOrEqual(2);
  });

  it('keeps the last 28 days of a history and drops what is older', () => {
    const long = createJudgedSeries(generateSeries({ level: 40, slopePerDay: 0, daily: 15, noise: 1, memory: 0.5 }, 29 * DAY));
    const { series: kept } = extendJudgedSeries(long, [41, null]);
    expect(kept.values).toHaveLength(28 * DAY);
    expect(kept.startAtMs + kept.values.length * kept.stepMs).toBe(long.series.startAtMs + (29 * DAY + 2) * long.series.stepMs);
  });
});

describe('finishing a mixture', () => {
  it('stretches the tails in full, the quartiles by half and the median not at all', () => {
    const stretched = stretchRows(Float64Array.of(0, 5, 10, 15, 20, 1, 1, 1, 1, 2), [0, 0.25, 0.5, 0.75, 1], 1.4);
    [-4, 4, 10, 16, 24, 1, 1, 1, 1, 2.4].forEach((expected, i) => expect(stretched[i]).toBeCloseTo(expected, 9));
  });

  it('snaps to the nearest value seen, also beyond them and where there is but one', () => {
    const seen = Float64Array.of(0, 1, 5);
    expect([-3, 0.4, 0.6, 2.9, 3.1, 9].map((value) => snap(value, seen))).toEqual([0, 0, 1, 1, 5, 5]);
    expect(snap(3, Float64Array.of(7))).toBe(7);
  });
});

describe('guarding a peak', () => {
  // Two quiet days, then a burst to 90 on every third day.
  const values = Float64Array.from({ length: 12 * DAY }, (_, i) => (Math.floor(i / DAY) % 3 === 2 && i % DAY === 100 ? 90 : 10));
  const levels = [0.5, 0.75, 0.95];
  const context = { values, end: 11 * DAY, dayLength: DAY };

  it('leaves the median and raises the upper levels to the bursts that were seen', () => {
    const [median, quartile, top] = guardPeak(Float64Array.of(10, 10, 10), levels, context, DAY);
    expect(median).toBe(10);
    expect(quartile).toBeGreaterThanOrEqual(10);
    expect(top).toBeCloseTo(90, 6);
  });

  it('lowers nothing, and leaves a history of fewer than three horizons alone', () => {
    const high = Float64Array.of(200, 210, 220);
    expect(guardPeak(high, levels, context, DAY)).toEqual(high);
    expect(guardPeak(Float64Array.of(1, 2, 3), levels, { ...context, end: 2 * DAY + 10 }, DAY)).toEqual(Float64Array.of(1, 2, 3));
  });
});
