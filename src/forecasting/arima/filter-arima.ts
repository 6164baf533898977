import { advance, loadOf, toStateSpace, type ArimaProcess, type StateSpace } from './arima-process';
import { stationaryCovariance } from './stationary-covariance';

/** What the filter found: the Gaussian likelihood with the constant and the innovations' variance at their best. */
export interface FilteredArima {
  readonly logLikelihood: number;
  /** Of the differenced load; 0 where none was asked for. */
  readonly constant: number;
  readonly variance: number;
  /** Expected state at the step after the last value, the constant's share taken out. */
  readonly state: Float64Array;
  /** One-step errors over their expected size, in units of the innovations, NaN for gaps and the start. */
  readonly innovations: Float64Array;
}

export interface FilterOptions {
  readonly withConstant: boolean;
  /**
   * `exact` weighs the start and what follows a gap by how much is known there; `conditional` takes everything before for known (Box and Jenkins 1970),
   * which costs less and hardly differs on long histories.
   */
  readonly likelihood: 'exact' | 'conditional';
}

/** Once no covariance moves by more than this, in units of the innovations', it has settled and the gain is kept: the steps after cost little. */
const SETTLED = 1e-8;

/**
 * Runs the Kalman filter over loads: the exact likelihood of an ARIMA process, gaps (NaN) included (Jones 1980). The first `differences` values, which
 * must not be gaps, are taken as given. The constant is found by generalised least squares in the same pass: the filter is linear, so that it is run on
 * the loads and on what a constant of 1 would make of them (Harvey and Phillips 1979).
 */
export function filterArima(process: ArimaProcess, values: Float64Array, { withConstant, likelihood }: FilterOptions): FilteredArima {
  const space = toStateSpace(process);
  const { differences } = process;
  const { size } = space;
  const state = startState(space, values);
  const trend = Float64Array.from({ length: differences }, (_, t) => constantPath(differences, t));
  const trendState = startState(space, trend);
  const exact = likelihood === 'exact';
  const covariance = exact ? stationaryCovariance(space) : new Float64Array(0);
  // Where all of the past is known, the only doubt is about the next innovation.
  const gain = Float64Array.from(space.impact);
  const scratch = new Float64Array(covariance.length);
  const innovations = new Float64Array(values.length).fill(NaN);
  const trendErrors = new Float64Array(withConstant ? values.length : 0);
  let settled = !exact;
  let gainVariance = 1;
  const sums = { logs: 0, count: 0, square: 0, product: 0, trendSquare: 0 };
  for (let t = differences; t < values.length; t++) {
    const value = values[t] as number;
    const observed = !Number.isNaN(value);
    if (!observed && exact) settled = false;
    if (observed) {
      if (!settled) gainVariance = toGain(space, covariance, gain);
      const error = value - loadOf(space, state);
      const root = Math.sqrt(gainVariance);
      innovations[t] = error / root;
      sums.logs += Math.log(gainVariance);
      sums.count++;
      sums.square += (error * error) / gainVariance;
      correct(state, gain, error);
      if (withConstant) {
        const trendError = constantPath(differences, t) - loadOf(space, trendState);
        trendErrors[t] = trendError / root;
        sums.product += (error * trendError) / gainVariance;
        sums.trendSquare += (trendError * trendError) / gainVariance;
        correct(trendState, gain, trendError);
      }
    }
    advance(space, state);
    if (withConstant) advance(space, trendState);
    if (!settled) settled = advanceCovariance(space, covariance, observed ? gain : null, gainVariance, scratch);
  }
  const constant = withConstant && sums.trendSquare > 0 ? sums.product / sums.trendSquare : 0;
  if (constant !== 0) {
    for (let i = 0; i < size; i++) state[i] = (state[i] as number) - constant * (trendState[i] as number);
    for (let t = 0; t < innovations.length; t++) innovations[t] = (innovations[t] as number) - constant * (trendErrors[t] as number);
  }
  const variance = Math.max(0, sums.square - constant * sums.product) / Math.max(1, sums.count);
  const logLikelihood = -0.5 * (sums.count * (Math.log(2 * Math.PI * variance) + 1) + sums.logs);
  return { logLikelihood, constant, variance, state, innovations };
}

/** What a constant of 1 in the differences adds to the load at step `t`. */
export function constantPath(differences: number, t: number): number {
  return differences === 0 ? 1 : differences === 1 ? t : (t * (t - 1)) / 2;
}

function startState({ core, size, lagWeights }: StateSpace, values: Float64Array): Float64Array {
  const state = new Float64Array(size);
  for (let k = 0; k < lagWeights.length; k++) state[core + k] = values[lagWeights.length - 1 - k] as number;
  return state;
}

function correct(state: Float64Array, gain: Float64Array, error: number): void {
  for (let i = 0; i < state.length; i++) state[i] = (state[i] as number) + (gain[i] as number) * error;
}

/** Writes the gain and returns the variance of the one-step error, in units of the innovations' variance. */
function toGain(space: StateSpace, covariance: Float64Array, gain: Float64Array): number {
  const { size } = space;
  for (let i = 0; i < size; i++) gain[i] = loadOf(space, covariance, i * size);
  const variance = loadOf(space, gain);
  for (let i = 0; i < size; i++) gain[i] = (gain[i] as number) / variance;
  return variance;
}

/** Takes the covariance to the next step, in place; true where it did not move any more. `gain` is null for a gap; `before` is overwritten. */
function advanceCovariance(space: StateSpace, covariance: Float64Array, gain: Float64Array | null, variance: number, before: Float64Array): boolean {
  const { size, impact } = space;
  before.set(covariance);
  if (gain !== null) {
    for (let i = 0, at = 0; i < size; i++) for (let j = 0; j < size; j++, at++) covariance[at] = (covariance[at] as number) - (gain[i] as number) * (gain[j] as number) * variance;
  }
  for (let i = 0; i < size; i++) advance(space, covariance, i * size);
  for (let j = 0; j < size; j++) advance(space, covariance, j, size);
  let moved = gain === null ? Infinity : 0;
  for (let i = 0, at = 0; i < size; i++) {
    for (let j = 0; j < size; j++, at++) {
      covariance[at] = (covariance[at] as number) + (impact[i] as number) * (impact[j] as number);
      const change = Math.abs((covariance[at] as number) - (before[at] as number));
      if (change > moved) moved = change;
    }
  }
  return moved < SETTLED;
}
