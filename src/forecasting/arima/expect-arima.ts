import { advance, loadOf, toStateSpace, type StateSpace } from './arima-process';
import { constantPath, filterArima } from './filter-arima';
import type { ArimaFit } from './fit-arima';

/** What a process expects after the last value that was seen, in the load's unit. */
export interface ArimaOutlook {
  /** `[step]` */
  readonly mean: Float64Array;
  /** `[step]`: the share of an innovation that is left so many steps later (psi weights, Box and Jenkins 1970); the first is 1. */
  readonly psi: Float64Array;
  /** Past one-step errors, gaps left out. */
  readonly innovations: Float64Array;
}

/**
 * Continues loads by a fitted process.
 *
 * @param values loads, NaN for gaps, ending with one that is none; the first `differences` must not be gaps. They need not be those of the fit.
 * @param steps how many to look ahead
 */
export function expectArima({ order, ar, ma, constant }: ArimaFit, values: Float64Array, steps: number): ArimaOutlook {
  const process = { ar: Float64Array.from(ar), ma: Float64Array.from(ma), differences: order.differences };
  const space = toStateSpace(process);
  const base = order.differences === 0 ? 0 : (values[0] as number);
  const path = (t: number): number => base + constant * constantPath(order.differences, t);
  const { state, innovations } = filterArima(process, values.map((value, t) => value - path(t)), { withConstant: false, likelihood: 'exact' });
  const mean = Float64Array.from({ length: steps }, (_, h) => {
    const load = loadOf(space, state) + path(values.length + h);
    advance(space, state);
    return load;
  });
  return { mean, psi: psiWeights(space, steps), innovations: innovations.filter((error) => !Number.isNaN(error)) };
}

function psiWeights(space: StateSpace, steps: number): Float64Array {
  const state = Float64Array.from(space.impact);
  return Float64Array.from({ length: steps }, () => {
    const weight = loadOf(space, state);
    advance(space, state);
    return weight;
  });
}
