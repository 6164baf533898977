import { createRandomStream } from '../../domain/seeded-random';
import type { FilledValues } from '../fill-gaps';
import type { InputColumns } from '../inputs/input-columns';
import { MAX_PATHS, pathsOf, spreadOrigins, type SurePathRule } from '../rules/path-rule';
import { continueAutoregression } from './fit-autoregression';
import { expectAdditive, regressionValues, type AdditiveFit } from './fit-additive';

/** So many rolling origins make an empirical error distribution. */
const ORIGINS_NEEDED = 30;

/**
 * The additive model's forecast as paths: its expectation, plus the errors that the same forecast would have made at past origins (rolling-origin
 * empirical errors, whole paths, so that errors of neighbouring steps stay together). A history too short for that gets paths of bootstrapped
 * innovations instead, drawn by `seed`. `inputs` are those of the fit.
 */
export function createAdditiveRule(fit: AdditiveFit, { values, observed }: FilledValues, inputs: InputColumns | null, seed: number): SurePathRule {
  const regression = regressionValues(fit, 0, values.length, inputs);
  const residuals = values.map((value, i) => (observed[i] === 1 ? value - (regression[i] as number) : 0));
  const order = fit.autoregression.length;
  return {
    name: 'additive',
    paths({ end }, horizon) {
      const expected = expectAdditive(fit, residuals, end, horizon, inputs);
      const origins = spreadOrigins(order + 1, end - horizon, MAX_PATHS);
      const errors =
        origins.length >= ORIGINS_NEEDED
          ? origins.map((origin) => errorPath(fit.autoregression, residuals, origin, horizon))
          : bootstrapErrors(fit.autoregression, residuals.subarray(0, end), horizon, seed);
      return pathsOf(errors.map((error) => error.map((value, h) => (expected[h] as number) + value)));
    },
  };
}

/** What the autoregression would have got wrong from `origin` on. */
function errorPath(autoregression: readonly number[], residuals: Float64Array, origin: number, horizon: number): Float64Array {
  return continueAutoregression(autoregression, residuals, origin, horizon).map((value, h) => (residuals[origin + h] as number) - value);
}

/** Paths of the autoregression driven by its own past innovations, drawn at random. */
function bootstrapErrors(autoregression: readonly number[], residuals: Float64Array, horizon: number, seed: number): Float64Array[] {
  const order = autoregression.length;
  const random = createRandomStream(seed);
  const innovations = Float64Array.from({ length: Math.max(1, residuals.length - order) }, (_, i) => {
    const expected = continueAutoregression(autoregression, residuals, order + i, 1)[0] as number;
    return (residuals[order + i] ?? 0) - expected;
  });
  return Array.from({ length: MAX_PATHS }, () => {
    const path = new Float64Array(order + horizon);
    for (let h = order; h < path.length; h++) {
      let sum = innovations[Math.floor(random() * innovations.length)] as number;
      for (let k = 0; k < order; k++) sum += (autoregression[k] as number) * (path[h - 1 - k] as number);
      path[h] = sum;
    }
    return path.subarray(order);
  });
}
