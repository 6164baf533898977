import { advance, loadOf, toStateSpace, type ArimaProcess } from './arima-process';
import { constantPath, filterArima } from './filter-arima';
import type { ArimaFit } from './fit-arima';

/** What a process expects after the last value that was seen, in the load's unit. */
export interface ArimaOutlook {
  /** `[step]` */
  readonly mean: Float64Array;
  /** Past one-step errors, gaps left out. */
  readonly innovations: Float64Array;
}

/**
 * Continues loads by a fitted process.
 *
 * @param values loads, NaN for gaps, ending with one that is none; the first `differences` must not be gaps. They need not be those of the fit.
 * @param steps how many to look ahead
 */
export function expectArima(fit: ArimaFit, values: Float64Array, steps: number): ArimaOutlook {
  const { order, constant } = fit;
  const process = processOf(fit);
  const space = toStateSpace(process);
  const base = order.differences === 0 ? 0 : (values[0] as number);
  const path = (t: number): number => base + constant * constantPath(order.differences, t);
  const { state, innovations } = filterArima(process, values.map((value, t) => value - path(t)), { withConstant: false, likelihood: 'exact' });
  const mean = Float64Array.from({ length: steps }, (_, h) => {
    const load = loadOf(space, state) + path(values.length + h);
    advance(space, state);
    return load;
  });
  return { mean, innovations: innovations.filter((error) => !Number.isNaN(error)) };
}

/**
 * How far innovations take the load from what was expected: the sum of each by the psi weights (Box and Jenkins 1970), which are what a single innovation of 1
 * gives.
 *
 * @param innovations `[step]`
 * @returns `[step]`, in the load's unit
 */
export function carryInnovations(fit: ArimaFit, innovations: Float64Array): Float64Array {
  const space = toStateSpace(processOf(fit));
  const { impact, size } = space;
  const state = new Float64Array(size);
  return innovations.map((innovation) => {
    for (let i = 0; i < size; i++) state[i] = (state[i] as number) + (impact[i] as number) * innovation;
    const load = loadOf(space, state);
    advance(space, state);
    return load;
  });
}

function processOf({ order, ar, ma }: ArimaFit): ArimaProcess {
  return { ar: Float64Array.from(ar), ma: Float64Array.from(ma), differences: order.differences };
}
