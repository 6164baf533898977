import { DEFAULT_SETTINGS, type ModelSettings } from '../../domain/model-choice';
import { createAdditiveRule } from '../additive/create-additive-rule';
import type { AdditiveFit } from '../additive/fit-additive';
import { fitBatches } from '../additive/fit-batches';
import { dayLengthOf } from '../day-length';
import { extendSeries } from '../extend-series';
import { fillGaps } from '../fill-gaps';
import { checkPredictArguments, type FittedModel, type ForecastModel, type ModelState, type SeriesPrediction } from '../forecast-model';
import { inputColumns } from '../inputs/input-columns';
import { spreadFor, type IntervalSpread } from '../interval-spread';
import { checkSeries, type LoadSeries } from '../load-series';
import { checkState, sealState, trainingWindow } from '../model-state';
import { distributionOfPaths, mixDistributions, widenPaths, type PathDistribution } from '../path-distribution';
import { analogRule } from '../rules/analog-rule';
import { createChangeRule } from '../rules/change-rule';
import { createLevelRule } from '../rules/level-rule';
import type { PathRule } from '../rules/path-rule';
import { createAnchoredProfileRule, createProfileRule, yesterdayRule } from '../rules/season-rules';
import { shortHistoryRule } from '../rules/short-history-rule';
import { historyNotes, toSeriesPrediction } from '../series-prediction';
import { weighRules } from './weigh-rules';

const NAME = 'blended';
const VERSION = '3';
const SPREAD: IntervalSpread = { nextStep: 1.05, oneDay: 1.3 };

/** The empirical rules beside the additive model. */
const EMPIRICAL_RULES: readonly PathRule[] = [
  createChangeRule('change', 4032),
  createChangeRule('recent-change', 48),
  createLevelRule(12),
  createLevelRule(36),
  createLevelRule(288),
  createProfileRule(28),
  createAnchoredProfileRule(1, 'sum'),
  createAnchoredProfileRule(72, 'sum'),
  yesterdayRule,
  analogRule,
];
/** The fit that is backtested has not seen the last three days, or the last third of a shorter history. */
const HELD_OUT_DAYS = 3;

interface BlendedBody {
  readonly series: readonly LoadSeries[];
  readonly fits: readonly (AdditiveFit | null)[];
  /** Fits to the history without its end, by which the additive model is judged. */
  readonly heldOutFits: readonly (AdditiveFit | null)[];
  readonly settings: ModelSettings;
}

/**
 * The default model: the additive model and a handful of empirical rules, mixed level by level by how well each forecast the recent past of the same
 * series. Measured on real load, no single rule does well everywhere, and past loss tells which one does.
 */
export const blendedModel: ForecastModel = {
  name: NAME,
  version: VERSION,
  async fit(series, { seed, settings = DEFAULT_SETTINGS }) {
    checkSeries(series);
    const lengths = series.map((one) => one.values.length);
    const fits = await fitBatches(series, lengths, settings);
    const heldOutFits = await fitBatches(series, series.map((one) => heldOutLength(one)), settings);
    const body: BlendedBody = { series, fits, heldOutFits, settings };
    return fitted(sealState({ model: NAME, version: VERSION, seed, ...trainingWindow(series), body }));
  },
  async restore(state) {
    checkState(state, NAME, VERSION);
    return fitted(state);
  },
};

function heldOutLength(series: LoadSeries): number {
  const length = series.values.length;
  return length - Math.min(HELD_OUT_DAYS * dayLengthOf(series), Math.floor(length / 3));
}

function fitted(state: ModelState): FittedModel {
  const { series, fits, heldOutFits, settings } = state.body as BlendedBody;
  return {
    state,
    predict(horizonSteps, levels) {
      checkPredictArguments(horizonSteps, levels);
      return series.map((one, i) => predictOne(one, fits[i] ?? null, heldOutFits[i] ?? null, { seed: state.seed, sharpness: settings.sharpness }, horizonSteps, levels));
    },
    update: async (more) => blendedModel.fit(extendSeries(series, more), { seed: state.seed, settings }),
  };
}

function predictOne(
  series: LoadSeries,
  fit: AdditiveFit | null,
  heldOutFit: AdditiveFit | null,
  { seed, sharpness }: { readonly seed: number } & Pick<ModelSettings, 'sharpness'>,
  horizon: number,
  levels: readonly number[],
): SeriesPrediction {
  const dayLength = dayLengthOf(series);
  const filled = fillGaps(series.values, dayLength);
  const context = { values: filled.values, end: filled.values.length, dayLength };
  const bounds = series.bounds ?? {};
  const rulesWith = (additive: AdditiveFit | null) => (additive === null ? [] : [createAdditiveRule(additive, filled, inputColumns(series), seed)]);
  const additive = heldOutFit === null ? [] : rulesWith(fit);
  const rules = [...EMPIRICAL_RULES, ...additive];
  const tested = [...EMPIRICAL_RULES, ...(additive.length === 0 ? [] : rulesWith(heldOutFit))];
  const weights = weighRules(tested, context, horizon, bounds, sharpness);
  const parts: PathDistribution[] = [];
  const partWeights: number[] = [];
  rules.forEach((rule, r) => {
    const paths = weights[r] === 0 ? null : rule.paths(context, horizon);
    if (paths === null) return;
    parts.push(distributionOfPaths(widenPaths(paths, spreadFor(SPREAD, horizon, dayLength)), horizon, levels, bounds));
    partWeights.push(weights[r] as number);
  });
  const notes = historyNotes(series);
  if (parts.length === 0) {
    notes.push('too short a history for any rule: the last value with an assumed spread');
    parts.push(distributionOfPaths(shortHistoryRule.paths(context, horizon), horizon, levels, bounds));
    partWeights.push(1);
  }
  return toSeriesPrediction(series, levels, mixDistributions(parts, partWeights), notes);
}
