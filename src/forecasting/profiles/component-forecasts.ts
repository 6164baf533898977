import { STANDARD_LEVELS } from '../forecast-model';
import type { HmmSequence } from './hmm/hmm-parameters';
import { dayPartsOf } from './hmm/hmm-parameters';
import { BAND_HOURS } from './kin-bands';
import type { KinParts } from './kin-parts';
import { predictByRegression } from './kin-regression';
import { placeOfDay, type KinSeries } from './kin-series';
import { fromScale, type LoadScale } from './load-scale';
import { ownWindowOf } from './own-window';
import { DAY_PARTS, DAY_PLACES, OWN_POINTS, type ComponentName } from './profile-settings';
import { createStateForecaster, type StateForecaster } from './state-forecast';

/** Quantiles of each component, `[step asked for][level]` in one array, in the load's unit; null for one that cannot tell. */
export type ComponentForecasts = Readonly<Record<ComponentName, Float64Array | null>>;

/** A moment to forecast from: the own history is the `points` steps of the series before `end`. */
export interface OwnMoment {
  readonly series: Pick<KinSeries, 'startAtMs' | 'stepMs' | 'scaled'>;
  readonly end: number;
  readonly points: number;
}

export interface ComponentForecaster {
  /** @param steps places ahead (from 1), rising */
  forecast(moment: OwnMoment, steps: readonly number[]): Omit<ComponentForecasts, 'own'>;
}

const LEVELS = STANDARD_LEVELS.length;

/** Forecasts by what kin have in common. The own history's own forecast is another's task. */
export function createComponentForecaster(parts: KinParts, scale: LoadScale): ComponentForecaster {
  const states = createStateForecaster(parts.hmm);
  const unscale = (rows: Float64Array) => rows.map((value) => fromScale(scale, value));
  return {
    forecast(moment, steps) {
      const hourRows = (of: Float64Array) => {
        const rows = new Float64Array(steps.length * LEVELS);
        steps.forEach((step, s) => writeBand(of, placeOfDay(moment.series, moment.end + step - 1), rows, s * LEVELS));
        return unscale(rows);
      };
      const byStates = stateRows(states, moment, steps);
      const byRegression = regressionRows(parts, moment, steps);
      return { bands: hourRows(parts.bands.pooled), typical: hourRows(parts.bands.typical), regression: byRegression === null ? null : unscale(byRegression), states: unscale(byStates) };
    },
  };
}

/** The hour's quantiles, between the middles of two hours in proportion. */
function writeBand(of: Float64Array, place: number, into: Float64Array, at: number): void {
  const hour = (place / DAY_PLACES) * BAND_HOURS - 0.5 + 0.5 * (BAND_HOURS / DAY_PLACES);
  const from = Math.floor(hour);
  const share = hour - from;
  const [a, b] = [((from + BAND_HOURS) % BAND_HOURS) * LEVELS, ((from + 1) % BAND_HOURS) * LEVELS];
  for (let l = 0; l < LEVELS; l++) into[at + l] = (1 - share) * (of[a + l] as number) + share * (of[b + l] as number);
}

function stateRows(states: StateForecaster, { series, end, points }: OwnMoment, steps: readonly number[]): Float64Array {
  const from = Math.max(0, end - points);
  const own: HmmSequence = { values: series.scaled.subarray(from, end), parts: dayPartsOf(series.startAtMs + from * series.stepMs, series.stepMs, end - from, DAY_PARTS) };
  const all = states.forecast(own, series.startAtMs + end * series.stepMs, series.stepMs, steps.at(-1) as number);
  const rows = new Float64Array(steps.length * LEVELS);
  steps.forEach((step, s) => rows.set(all.subarray((step - 1) * LEVELS, step * LEVELS), s * LEVELS));
  return rows;
}

function regressionRows({ regressions, course }: KinParts, { series, end, points }: OwnMoment, steps: readonly number[]): Float64Array | null {
  const bucket = OWN_POINTS.findLastIndex((least) => least <= points);
  const known = regressions[bucket] ?? [];
  if (known.length === 0) return null;
  const window = points === 0 ? { last: 0, recent: 0, level: 0, change: 0 } : ownWindowOf(series, end, points, course);
  if (window === null) return null;
  const rows = new Float64Array(steps.length * LEVELS);
  steps.forEach((step, s) => {
    predictByRegression(known, window, step, rows, s * LEVELS);
    const usual = course[placeOfDay(series, end + step - 1)] as number;
    for (let l = 0; l < LEVELS; l++) rows[s * LEVELS + l] = (rows[s * LEVELS + l] as number) + usual;
  });
  return rows;
}
