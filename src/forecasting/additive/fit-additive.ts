import type { Tensor2D } from '@tensorflow/tfjs';
import { DEFAULT_SETTINGS, type ModelSettings } from '../../domain/model-choice';
import type { FilledValues } from '../fill-gaps';
import type { InputColumns } from '../inputs/input-columns';
import { medianOf } from '../quantile-of-sorted';
import type { TensorLibrary } from '../tensor-backend';
import { columnCount, designRows, planDesign, type Design } from './design-matrix';
import { continueAutoregression, fitAutoregression } from './fit-autoregression';
import { effectOfInputs, prepareInputs, solveWithInputs, type InputEffect } from './fit-inputs';
import { gramOf, historyRows } from './history-rows';
import { solveCholesky } from './solve-cholesky';

/** A fitted additive model of one series: trend and seasons as regression, the rest as autoregression. Plain JSON. */
export interface AdditiveFit {
  readonly design: Design;
  /** The regression explains `(value - level) / scale`. */
  readonly level: number;
  readonly scale: number;
  readonly coefficients: readonly number[];
  readonly autoregression: readonly number[];
  /** What known inputs add, in the load's unit for a unit of each column; left out where there are none. */
  readonly inputEffects?: readonly InputEffect[];
}

/** Prior scales, in units of the series' own scale, as in Prophet (Taylor and Letham 2018): Laplace for trend changes, normal for seasons. */
export type AdditivePriors = Pick<ModelSettings, 'changepointScale' | 'seasonScale'>;

const ITERATIONS = 5;
/** Huber's constant: residuals beyond so many scales are pulled in. */
const HUBER = 2.5;

/**
 * Fits many series of one length at once, closed-form: maximum a posteriori with a Laplace prior on trend changes (sparse) and a normal one
 * on seasons, by iterated ridge regression (local quadratic approximation, Fan and Li 2001). Outliers are pulled in and gaps replaced by
 * the fit after each iteration (modified residuals, Huber and Dutter 1974), so that all series keep sharing one design matrix: tfjs computes
 * the two large products, `X'Y` and `XB`, for the whole batch.
 *
 * Known inputs are columns of their own for each series. Their prior (normal with a Jeffreys hyperprior, Figueiredo 2003) needs no scale: an effect of
 * less than about three standard errors shrinks to nothing, a clear one is hardly touched.
 *
 * @param batch series of one common length
 * @param dayLength steps of one day
 * @param weights `[series][step]`: how much a step counts, 0..1; 0 for gaps
 * @param inputs what is known beside each series, null for nothing
 */
export function fitAdditive(tf: TensorLibrary, batch: readonly FilledValues[], dayLength: number, weights: readonly Float64Array[], inputs: readonly (InputColumns | null)[], priors: AdditivePriors = DEFAULT_SETTINGS): AdditiveFit[] {
  const length = batch[0]?.values.length ?? 0;
  const design = planDesign(length, dayLength);
  const columns = columnCount(design);
  const rows = historyRows(design, length);
  const gram = gramOf(rows, length, columns);
  const scaled = batch.map(scaleSeries);
  const size = batch.length;
  const targets = new Float32Array(length * size);
  scaled.forEach(({ values }, s) => values.forEach((value, i) => (targets[i * size + s] = value)));
  const known = inputs.map((one) => (one === null ? null : prepareInputs(one, rows, gram, length)));
  const solutions: Float64Array[] = known.map((one) => new Float64Array(columns + (one?.names.length ?? 0)));
  const noise: Noise[] = scaled.map(() => ({ variance: 0.25, inflation: 10 }));

  const matrix = tf.tensor2d(Float32Array.from(rows), [length, columns]);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const products = multiply(tf, matrix, tf.tensor2d(targets, [length, size]), true);
    for (let s = 0; s < size; s++) {
      const own = known[s] ?? null;
      const previous = solutions[s] as Float64Array;
      const right = new Float64Array(previous.length);
      for (let j = 0; j < columns; j++) right[j] = products[j * size + s] as number;
      own?.products(targets, s, size).forEach((value, k) => (right[columns + k] = value));
      const strength = noiseStrength(noise[s] as Noise);
      const penalty = penalties(design, priors, previous, strength, iteration);
      solutions[s] = own === null ? solveCholesky(gram, penalty, right) : solveWithInputs(own, penalty, right, previous, strength, iteration);
    }
    const stacked = new Float32Array(columns * size);
    solutions.forEach((solution, s) => solution.subarray(0, columns).forEach((value, j) => (stacked[j * size + s] = value)));
    const fits = multiply(tf, matrix, tf.tensor2d(stacked, [columns, size]), false);
    for (let s = 0; s < size; s++) {
      known[s]?.add(fits, s, size, (solutions[s] as Float64Array).subarray(columns));
      noise[s] = modifyTargets(targets, fits, (scaled[s] as Scaled).values, weights[s] as Float64Array, s, size);
    }
  }
  matrix.dispose();
  return scaled.map(({ level, scale }, s) => {
    const solution = solutions[s] as Float64Array;
    const inputEffects = known[s]?.effects(solution.subarray(columns), scale);
    const fit = { design, level, scale, coefficients: Array.from(solution.subarray(0, columns)), autoregression: [], ...(inputEffects === undefined ? {} : { inputEffects }) };
    const filled = batch[s] as FilledValues;
    return { ...fit, autoregression: fitAutoregression(clippedResiduals(fit, filled, regressionValues(fit, 0, length, inputs[s] ?? null))) };
  });
}

/** The regression's value for steps `from` to `to`, known inputs included, in the series' unit. */
export function regressionValues(fit: AdditiveFit, from: number, to: number, inputs: InputColumns | null): Float64Array {
  const columns = fit.coefficients.length;
  const rows = from === 0 ? historyRows(fit.design, to) : designRows(fit.design, from, to);
  const effect = effectOfInputs(fit.inputEffects, inputs, from, to);
  return Float64Array.from({ length: to - from }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += (rows[i * columns + j] as number) * (fit.coefficients[j] as number);
    return fit.level + fit.scale * sum + (effect[i] as number);
  });
}

/** The expected values of the `horizon` steps after `end`, in the series' unit: regression plus continued residuals. */
export function expectAdditive(fit: AdditiveFit, residuals: Float64Array, end: number, horizon: number, inputs: InputColumns | null): Float64Array {
  const continued = continueAutoregression(fit.autoregression, residuals, end, horizon);
  return regressionValues(fit, end, end + horizon, inputs).map((value, h) => value + (continued[h] as number));
}

interface Scaled {
  readonly values: Float64Array;
  readonly level: number;
  readonly scale: number;
}

interface Noise {
  readonly variance: number;
  /** How many correlated residuals weigh as one independent one. */
  readonly inflation: number;
}

/** Centres on the median and divides by the usual deviation; a flat series keeps its unit. */
function scaleSeries({ values }: FilledValues): Scaled {
  const level = medianOf(values);
  const meanDeviation = values.reduce((sum, value) => sum + Math.abs(value - level), 0) / values.length;
  const scale = meanDeviation > 1e-12 * Math.max(1, Math.abs(level)) ? meanDeviation * 1.25 : Math.max(1, Math.abs(level));
  return { values: values.map((value) => (value - level) / scale), level, scale };
}

function noiseStrength({ variance, inflation }: Noise): number {
  return variance * inflation;
}

function penalties(design: Design, { changepointScale, seasonScale }: AdditivePriors, previous: Float64Array, strength: number, iteration: number): Float64Array {
  const result = new Float64Array(columnCount(design)).fill(1e-4);
  let at = 2;
  for (let j = 0; j < design.changepoints.length; j++, at++) {
    const size = iteration === 0 ? 1 : Math.max(Math.abs(previous[at] as number), 1e-3);
    result[at] = strength / (changepointScale * size);
  }
  for (const cycles of design.weeklyCycles) {
    // Higher harmonics are smaller in nature: the prior narrows with the harmonic's order.
    const order = cycles % 7 === 0 ? cycles / 7 : 1 + cycles / 7;
    const penalty = (strength * order) / seasonScale ** 2;
    result[at++] = penalty;
    result[at++] = penalty;
  }
  return result;
}

/** Sets the next iteration's target of series `s` and returns its noise. */
function modifyTargets(targets: Float32Array, fits: Float32Array, values: Float64Array, weights: Float64Array, s: number, size: number): Noise {
  const residuals = values.map((value, i) => ((weights[i] as number) > 0 ? value - (fits[i * size + s] as number) : 0));
  const spread = 1.4826 * medianOf(residuals.map(Math.abs));
  let square = 0;
  let product = 0;
  let previous = 0;
  // Where more than half of the residuals are zero the median tells nothing; then nothing counts as an outlier.
  const cut = spread > 0 ? HUBER * spread : Infinity;
  residuals.forEach((residual, i) => {
    const kept = (weights[i] as number) * Math.min(cut, Math.max(-cut, residual));
    targets[i * size + s] = (fits[i * size + s] as number) + kept;
    square += kept * kept;
    product += kept * previous;
    previous = kept;
  });
  const correlation = square > 0 ? Math.min(0.96, Math.max(0, product / square)) : 0;
  return { variance: Math.max(1e-4, square / values.length), inflation: (1 + correlation) / (1 - correlation) };
}

function clippedResiduals(fit: Pick<AdditiveFit, 'scale'>, { values, observed }: FilledValues, expected: Float64Array): Float64Array {
  const residuals = values.map((value, i) => (observed[i] === 1 ? (value - (expected[i] as number)) / fit.scale : 0));
  const spread = 1.4826 * medianOf(residuals.map(Math.abs));
  const cut = spread > 0 ? 2 * HUBER * spread : Infinity;
  return residuals.map((residual) => Math.min(cut, Math.max(-cut, residual)));
}

/** The product as numbers; both the right side and the product are given back to tfjs. */
function multiply(tf: TensorLibrary, left: Tensor2D, right: Tensor2D, transposeLeft: boolean): Float32Array {
  const product = tf.matMul(left, right, transposeLeft);
  const values = product.dataSync<'float32'>();
  product.dispose();
  right.dispose();
  return values;
}
