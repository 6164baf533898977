import type { LoadSeries } from '../load-series';
import { STANDARD_LEVELS } from '../forecast-model';
import { createComponentForecaster, type ComponentForecaster } from './component-forecasts';
import { learnKinParts } from './kin-parts';
import { toKinSeries, type KinSeries } from './kin-series';
import { learnSpreads } from './learn-spreads';
import { learnWeights, mixComponents, type MixtureExample } from './learn-weights';
import { learnWidths, widen, type Width } from './learn-widths';
import { scaleOfKin, type LoadScale } from './load-scale';
import type { OwnForecaster } from './own-forecaster';
import { PRIOR_WEIGHTS, type Mixture, type ProfileModel } from './profile-model';
import { COMPONENTS, HORIZON_KINDS, KNOTS, OWN_POINTS, PART_ENDS, partOf, type HorizonKind } from './profile-settings';

export interface FitProfileOptions {
  readonly seed: number;
  /** Forecasts an own history by itself: the forecaster for settled workloads. */
  readonly own: OwnForecaster;
  /** An earlier model of the same kin, whose states this one goes on from. */
  readonly before?: ProfileModel;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Groups into which kin are held out in turn; one at a time up to so many. */
const MOST_FOLDS = 8;
/** Moments of each kin that mixtures are learned from. */
const MOMENTS = 8;
const LEVELS = STANDARD_LEVELS.length;
/** Steps that a forecast looks ahead while mixtures are learned, by its kind. */
const HORIZONS: Readonly<Record<HorizonKind, number>> = { short: 6, day: 288 };

/** Examples by kind of horizon, entry of OWN_POINTS and part. */
type Examples = Record<HorizonKind, MixtureExample[][][]>;

/**
 * Learns a profile from kin: what they have in common, and, by holding out each kin in turn, how the ways of forecasting are best mixed for a workload that has shown so many points, and how wide
 * intervals must be to hold on workloads that were never seen.
 *
 * @throws RangeError where there is no kin, or their steps differ
 */
export async function fitProfileModel(kinSeries: readonly LoadSeries[], { seed, own, before, onProgress = () => undefined }: FitProfileOptions): Promise<ProfileModel> {
  const [first] = kinSeries;
  if (first === undefined) throw new RangeError('kin: expected one series at least');
  if (kinSeries.some(({ stepMs }) => stepMs !== first.stepMs)) throw new RangeError('kin: expected series of one step');
  const scale = scaleOfKin(kinSeries.map(({ values }) => Float64Array.from(values, (value) => value ?? NaN)));
  const kin = kinSeries.map((one) => toKinSeries(one, scale));
  const parts = learnKinParts(kin, { seed, ...(before === undefined ? {} : { start: before.parts.hmm }) });
  const examples = emptyExamples();
  const folds = kin.length < 2 ? 0 : Math.min(MOST_FOLDS, kin.length);
  for (let fold = 0; fold < folds; fold++) {
    const rest = kin.filter((_, i) => i % folds !== fold);
    const forecaster = createComponentForecaster(learnKinParts(rest, { seed, states: parts.hmm.states }), scale);
    for (const [i, one] of kin.entries()) if (i % folds === fold) await addExamples(examples, i, one, kinSeries[i] as LoadSeries, forecaster, own);
    onProgress(fold + 1, folds);
  }
  return { stepMs: first.stepMs, scale, parts, mixtures: learnMixtures(examples, scale) };
}

function emptyExamples(): Examples {
  const empty = () => OWN_POINTS.map(() => PART_ENDS.map((): MixtureExample[] => []));
  return { short: empty(), day: empty() };
}

async function addExamples(examples: Examples, kin: number, one: KinSeries, series: LoadSeries, forecaster: ComponentForecaster, own: OwnForecaster): Promise<void> {
  for (const kind of HORIZON_KINDS) {
    const horizon = HORIZONS[kind];
    const steps = KNOTS.filter((knot) => knot <= horizon);
    for (const [b, points] of OWN_POINTS.entries()) {
      const room = one.values.length - points - horizon;
      const moments = Math.min(MOMENTS, Math.max(0, room + 1));
      for (let m = 0; m < moments; m++) {
        const end = points + Math.floor(((m + 0.5) * (room + 1)) / moments);
        const said = forecaster.forecast({ series: one, end, points }, steps);
        const alone = points === 0 ? null : await own(series, end, points, horizon);
        const ownRows = alone === null ? null : Float64Array.from(steps.flatMap((step) => alone[step - 1] as readonly number[]));
        const rows = COMPONENTS.map((name) => (name === 'own' ? ownRows : said[name]));
        const truth = Float64Array.from(steps, (step) => one.values[end + step - 1] ?? NaN);
        splitByPart(steps, rows, truth).forEach((example, p) => example !== null && (examples[kind][b] as MixtureExample[][])[p]?.push({ ...example, kin }));
      }
    }
  }
}

function splitByPart(steps: readonly number[], rows: readonly (Float64Array | null)[], truth: Float64Array): (Omit<MixtureExample, 'kin'> | null)[] {
  return PART_ENDS.map((_, p) => {
    const from = steps.findIndex((step) => partOf(step) === p);
    const to = steps.findLastIndex((step) => partOf(step) === p) + 1;
    return from < 0 ? null : { rows: rows.map((row) => row?.subarray(from * LEVELS, to * LEVELS) ?? null), truth: truth.subarray(from, to) };
  });
}

function learnMixtures(examples: Examples, scale: LoadScale): ProfileModel['mixtures'] {
  const learn = (kind: HorizonKind) =>
    OWN_POINTS.map((_, b): Mixture => {
      const made = PART_ENDS.map((_, p) => {
        const own = examples[kind][b]?.[p] ?? [];
        // Beyond half an hour the short horizon's parts are those of the day.
        const some = own.length > 0 ? own : (examples.day[b]?.[p] ?? []);
        const widths = learnWidths(some, scale);
        const widened = some.map((one) => ({ ...one, rows: one.rows.map((row, c) => (row === null ? null : widen(row, widths[c] as Width, scale))) }));
        const weights = learnWeights(widened, PRIOR_WEIGHTS[kind][b] as readonly number[]);
        const spreads = learnSpreads(widened.map(({ kin, rows, truth }) => ({ kin, truth, mixed: mixComponents(rows, () => weights, truth.length) })), scale);
        return { widths, weights, spreads };
      });
      return { widths: made.map(({ widths }) => widths), weights: made.map(({ weights }) => weights), spreads: made.map(({ spreads }) => spreads) };
    });
  return { short: learn('short'), day: learn('day') };
}
