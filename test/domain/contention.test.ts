import fc from 'fast-check';
import { assessContention, type ContentionInput } from '../../src/domain/contention';
import type { ContentionPolicy } from '../../src/domain/contention-assessment';
import { summarizeForecast, type LoadMetric, type ResourceForecast } from '../../src/domain/forecast';
import { probabilityAbove, quantileAt } from '../../src/domain/quantile-function';

const MINUTE = 60_000;
const LEVELS = [0.1, 0.5, 0.9];
const policy: ContentionPolicy = { horizonMs: 30 * MINUTE, quantile: 0.9, minProbability: 0.3, minLeadMs: 10 * MINUTE };

function forecastOf(metric: LoadMetric, rows: number[][], peak: number[]): ResourceForecast {
  return {
    subject: { kind: 'instance', instanceId: 'i-1' },
    metric,
    unit: metric === 'networkBytesPerSecond' ? 'bytesPerSecond' : 'percent',
    issuedAtMs: 0,
    stepMs: 5 * MINUTE,
    horizonMs: rows.length * 5 * MINUTE,
    levels: LEVELS,
    quantiles: rows,
    mean: rows.map((row) => row[1] ?? 0),
    peak,
    origin: { model: 'test', version: '1', digest: 'd' },
  };
}

/** Rises through 85 at its fourth step. */
const rising = forecastOf('cpuPercent', [60, 66, 72, 78, 84, 90].map((median) => [median - 10, median, median + 10]), [82, 91, 99]);
const calm = forecastOf('memoryPercent', Array.from({ length: 6 }, () => [38, 40, 42]), [40, 42, 44]);

describe('contention', () => {
  it('is found where the peak is likely to pass the limit, with onset and lead from the quantile', () => {
    const verdict = assessContention({ forecasts: { cpuPercent: rising }, limits: { cpuPercent: 85 }, policy, nowMs: 0 });
    expect(verdict).toMatchObject({ contended: true, metric: 'cpuPercent', onsetAtMs: 20 * MINUTE, leadMs: 20 * MINUTE, leadSufficient: true, limit: 85 });
    expect(verdict.probability).toBeCloseTo(1 - (0.1 + (0.4 * 3) / 9), 6);
    expect(verdict.peakQuantileValue).toBe(99);
    expect(verdict.explanation[0]).toMatch(/CPU passes its limit of 85.0 % within 30 min with probability 0.767.*expected in 20 min/);
  });

  it('says of every metric why it is none', () => {
    const verdict = assessContention({ forecasts: { memoryPercent: calm }, limits: { memoryPercent: 90, cpuPercent: 85 }, policy, nowMs: 0 });
    expect(verdict.contended).toBe(false);
    expect(verdict.explanation).toEqual([
      'CPU is not judged: there is no forecast.',
      expect.stringMatching(/Memory passes its limit of 90.0 % .* below the 0.3 that counts/),
      'Network is not judged: the shape has no limit for it.',
    ]);
  });

  it('takes the metric most at risk', () => {
    const verdict = assessContention({
      forecasts: { memoryPercent: calm, cpuPercent: rising },
      limits: { memoryPercent: 90, cpuPercent: 85 },
      policy,
      nowMs: 0,
    });
    expect(verdict.metric).toBe('cpuPercent');
    expect(verdict.metrics.map(({ metric }) => metric)).toEqual(['cpuPercent', 'memoryPercent']);
  });

  it('notes a lead that is shorter than acting takes', () => {
    const verdict = assessContention({ forecasts: { cpuPercent: rising }, limits: { cpuPercent: 85 }, policy, nowMs: 12 * MINUTE });
    expect(verdict).toMatchObject({ contended: true, leadMs: 8 * MINUTE, leadSufficient: false });
    expect(verdict.explanation[0]).toContain('sooner than the 10 min that acting takes');
  });

  it('refuses to judge by an outdated or broken forecast', () => {
    const limits = { cpuPercent: 85 };
    const outdated = assessContention({ forecasts: { cpuPercent: rising }, limits, policy, nowMs: 31 * MINUTE });
    expect(outdated).toMatchObject({ contended: false, metric: null, probability: null });
    expect(outdated.explanation[0]).toContain('outdated');
    const broken = assessContention({ forecasts: { cpuPercent: { ...rising, peak: [NaN, 1, 2] } }, limits, policy, nowMs: 0 });
    expect(broken.explanation[0]).toContain('not finite');
  });

  it('looks no further than the policy asks', () => {
    const near = assessContention({ forecasts: { cpuPercent: rising }, limits: { cpuPercent: 85 }, policy: { ...policy, horizonMs: 10 * MINUTE }, nowMs: 0 });
    expect(near.contended).toBe(false);
  });

  it('never answers NaN and never a probability outside of 0 to 1', () => {
    const value = fc.double({ min: -1e18, max: 1e18, noNaN: true });
    const row = fc.tuple(value, value, value).map((three) => three.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), row, value, fc.integer({ min: 0, max: 3_000_000 }), (rows, peak, limit, nowMs) => {
        const input: ContentionInput = { forecasts: { cpuPercent: forecastOf('cpuPercent', rows, peak) }, limits: { cpuPercent: limit }, policy, nowMs };
        const verdict = assessContention(input);
        for (const number of [verdict.probability, verdict.peakQuantileValue, verdict.onsetAtMs, verdict.leadMs]) {
          if (number !== null) expect(number).not.toBeNaN();
        }
        expect(verdict.probability ?? 0).toBeGreaterThanOrEqual(0);
        expect(verdict.probability ?? 0).toBeLessThanOrEqual(1);
        expect(verdict.explanation).toHaveLength(3);
      }),
    );
  });
});

describe('a distribution known by quantiles', () => {
  const known = { levels: LEVELS, values: [10, 20, 40] };

  it('is interpolated between its levels', () => {
    expect(quantileAt(known, 0.7)).toBeCloseTo(30);
    expect(probabilityAbove(known, 30)).toBeCloseTo(0.3);
  });

  it('has tails that fall off and a probability that never rises with the limit', () => {
    const chances = [-50, 0, 9, 10, 15, 20, 30, 40, 45, 80, 500].map((limit) => probabilityAbove(known, limit));
    expect(chances).toEqual([...chances].sort((a, b) => b - a));
    expect(chances[0]).toBeGreaterThan(0.99);
    expect(chances.at(-1)).toBeLessThan(0.001);
  });

  it('is a step where all its values are one', () => {
    const flat = { levels: LEVELS, values: [5, 5, 5] };
    expect([4, 5, 6].map((limit) => probabilityAbove(flat, limit))).toEqual([1, 0, 0]);
  });
});

it('a summary carries what a workflow needs in a few hundred bytes', () => {
  const summary = summarizeForecast(rising, 'f-1', 85);
  expect(summary).toMatchObject({ forecastId: 'f-1', digest: 'd', peakMedian: 91, peakP90: 99 });
  expect(JSON.stringify(summary).length).toBeLessThan(500);
});
