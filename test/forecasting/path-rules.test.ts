import { createAdditiveRule } from '../../src/forecasting/additive/create-additive-rule';
import { planDesign } from '../../src/forecasting/additive/design-matrix';
import { weighRules } from '../../src/forecasting/blended/weigh-rules';
import { analogRule } from '../../src/forecasting/rules/analog-rule';
import { backtestOrigins } from '../../src/forecasting/rules/backtest-rules';
import { createChangeRule } from '../../src/forecasting/rules/change-rule';
import { dayAnalogRule } from '../../src/forecasting/rules/day-analog-rule';
import { createLevelRule } from '../../src/forecasting/rules/level-rule';
import type { PathRule, PathSet } from '../../src/forecasting/rules/path-rule';
import { createAnchoredProfileRule, createProfileRule, weekdayRule, yesterdayRule } from '../../src/forecasting/rules/season-rules';
import { periodRule } from '../../src/forecasting/rules/period-rule';
import { regressionRule } from '../../src/forecasting/rules/regression-rule';
import { shortHistoryRule } from '../../src/forecasting/rules/short-history-rule';
import { DAY, generateSeries } from './generated-series';

const END = 9 * DAY;
const history = Float64Array.from(generateSeries({ level: 50, slopePerDay: 1, daily: 5, noise: 2, memory: 0.5 }, END + DAY).values, (value) => value ?? 0);
const otherFuture = history.map((value, i) => (i < END ? value : 1e6));
const observed = new Uint8Array(history.length).fill(1);
const design = planDesign(3 * DAY, DAY);
const coefficients = new Array<number>(2 + design.changepoints.length + 2 * design.weeklyCycles.length).fill(0.1);
const fit = { design, level: 50, scale: 2, coefficients, autoregression: [0.5, 0.2] };

const profileRule = createProfileRule(28);
const rules: readonly ((values: Float64Array) => PathRule)[] = [
  ...[createChangeRule('change', 4032), createLevelRule(36), profileRule, createAnchoredProfileRule(1, 'sum'), createAnchoredProfileRule(72, 'ratio')],
  ...[weekdayRule, yesterdayRule, analogRule, dayAnalogRule, shortHistoryRule],
].map((rule) => () => rule);
const withAdditive = [...rules, (values: Float64Array) => createAdditiveRule(fit, { values, observed }, null, 1)];

/** The paths of a rule, `[path][step]`. */
function layOut(paths: PathSet | null, horizon: number): number[][] {
  const rows = Array.from({ length: paths?.count ?? 0 }, () => new Array<number>(horizon));
  const column = new Float64Array(rows.length);
  for (let h = 0; h < horizon; h++) {
    paths?.column(h, column);
    rows.forEach((row, s) => (row[h] = column[s] as number));
  }
  return rows;
}

describe.each(withAdditive.map((create) => [create(history).name, create] as const))('the rule %s', (_name, create) => {
  it.each([6, 288, 400])('reads nothing of the future, %d steps ahead', (horizon) => {
    const known = layOut(create(history).paths({ values: history, end: END, dayLength: DAY }, horizon), horizon);
    const changed = layOut(create(otherFuture).paths({ values: otherFuture, end: END, dayLength: DAY }, horizon), horizon);
    expect(known.length).toBeGreaterThanOrEqual(8);
    expect(known.flat().every(Number.isFinite)).toBe(true);
    expect(changed).toEqual(known);
  });
});

describe('the regression rule', () => {
  it('reads nothing of the future', () => {
    const known = layOut(regressionRule.paths({ values: history, end: END, dayLength: DAY }, 6), 6);
    expect(known.length).toBeGreaterThanOrEqual(8);
    expect(layOut(regressionRule.paths({ values: otherFuture, end: END, dayLength: DAY }, 6), 6)).toEqual(known);
  });

  it('leaves horizons beyond two hours to the other rules', () => {
    expect(regressionRule.paths({ values: history, end: END, dayLength: DAY }, 25)).toBeNull();
  });
});

describe('the period rule', () => {
  const everyFortyMinutes = (end: number) => Float64Array.from({ length: end + 48 }, (_, i) => (i >= end ? 1e6 : i % 8 === 0 ? 30 : 10));

  it('repeats a job that runs every forty minutes, and reads nothing of the future', () => {
    const end = 4 * DAY + 3;
    const paths = layOut(periodRule.paths({ values: everyFortyMinutes(end), end, dayLength: DAY }, 16), 16);
    expect(paths.length).toBeGreaterThanOrEqual(8);
    for (const path of paths) expect(path.map((value, h) => value === ((end + h) % 8 === 0 ? 30 : 10))).not.toContain(false);
  });

  it('says nothing of a load without a period', () => {
    expect(periodRule.paths({ values: new Float64Array(4 * DAY).fill(5), end: 4 * DAY, dayLength: DAY }, 6)).toBeNull();
  });
});

describe('the weights of rules', () => {
  const context = { values: history, end: END, dayLength: DAY };
  const truth: PathRule = {
    name: 'truth',
    paths: ({ end }) => ({ count: 8, column: (h, into) => into.fill(history[end + h] as number) }),
  };

  it('go to the rule that told the recent past', () => {
    expect(weighRules([createLevelRule(12), truth, profileRule], context, 6, {}, 8)).toEqual([0, 1, 0]);
  });

  it('are shared alike among usable rules where nothing can be tested', () => {
    const short = { values: history, end: 20, dayLength: DAY };
    expect(backtestOrigins(20, 6)).toEqual([]);
    expect(weighRules([createLevelRule(12), profileRule, createLevelRule(36)], short, 6, {}, 8)).toEqual([0.5, 0, 0.5]);
  });
});
