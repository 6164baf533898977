import type { InputColumns } from '../inputs/input-columns';
import { medianOf } from '../quantile-of-sorted';
import { solveCholesky } from './solve-cholesky';

/** What one column of known inputs adds to the load. */
export interface InputEffect {
  readonly name: string;
  /** The column's usual value: its effect is counted from there, so that outside an event there is none. */
  readonly centre: number;
  /** Of the load for one unit of the column; 0 where the column tells nothing. */
  readonly perUnit: number;
}

/** Known inputs of one series, laid out beside the design matrix that it shares with others. */
export interface PreparedInputs {
  readonly names: readonly string[];
  /** `[X Z]'[X Z]` of the shared columns X and the own ones Z. */
  readonly gram: Float64Array;
  /** `Z'y`, of series `s` among targets `[step][series]`. */
  products(targets: Float32Array, s: number, size: number): Float64Array;
  /** Adds what the inputs say to the fit of series `s`, in place. */
  add(fits: Float32Array, s: number, size: number, coefficients: Float64Array): void;
  effects(coefficients: Float64Array, scale: number): InputEffect[];
}

/** An effect is first fitted with a prior as wide as this many scales of the series, as in Prophet. */
const FIRST_SCALE = 10;
/** How much an effect has to show: with 9/4 one of less than three standard errors shrinks to nothing (with 1, of two, which chance brings about too often). */
const SCEPTICISM = 9 / 4;
/** Steps towards the fixed point in each iteration: an effect just below the threshold vanishes slowly. */
const SHRINKING_STEPS = 12;
/** Effects below this share of the series' scale are none. */
const SMALLEST_EFFECT = 1e-4;
/** Keeps the shrinkage finite where an effect has vanished. */
const SMALLEST_SQUARE = 1e-12;

/**
 * Scales the columns of one series and multiplies them with the shared design.
 *
 * @param rows the shared design, row-major `[step][column]`
 * @param gram `X'X`, lower triangle
 */
export function prepareInputs(inputs: InputColumns, rows: Float64Array, gram: Float64Array, length: number): PreparedInputs {
  const { names } = inputs;
  const count = names.length;
  const columns = rows.length / length;
  const { values, centres, scales } = standardise(inputs.rows(0, length), length, count);
  const total = columns + count;
  const whole = new Float64Array(total * total);
  for (let i = 0; i < columns; i++) for (let j = 0; j <= i; j++) whole[i * total + j] = gram[i * columns + j] as number;
  for (let t = 0; t < length; t++) {
    for (let k = 0; k < count; k++) {
      const value = values[t * count + k] as number;
      if (value === 0) continue;
      const at = (columns + k) * total;
      for (let j = 0; j < columns; j++) whole[at + j] = (whole[at + j] as number) + value * (rows[t * columns + j] as number);
      for (let m = 0; m <= k; m++) whole[at + columns + m] = (whole[at + columns + m] as number) + value * (values[t * count + m] as number);
    }
  }
  return {
    names,
    gram: whole,
    products(targets, s, size) {
      const sums = new Float64Array(count);
      for (let t = 0; t < length; t++) for (let k = 0; k < count; k++) sums[k] = (sums[k] as number) + (values[t * count + k] as number) * (targets[t * size + s] as number);
      return sums;
    },
    add(fits, s, size, coefficients) {
      for (let t = 0; t < length; t++) for (let k = 0; k < count; k++) fits[t * size + s] = (fits[t * size + s] as number) + (values[t * count + k] as number) * (coefficients[k] as number);
    },
    effects: (coefficients, scale) =>
      names.map((name, k) => {
        const coefficient = coefficients[k] as number;
        const counts = Math.abs(coefficient) > SMALLEST_EFFECT && (scales[k] as number) > 0;
        return { name, centre: centres[k] as number, perUnit: counts ? (coefficient * scale) / (scales[k] as number) : 0 };
      }),
  };
}

/**
 * Solves for shared and own columns. The shrinkage of an input is noise over the square of its effect, again and again: the fixed point is the maximum a
 * posteriori under a normal prior with a Jeffreys hyperprior (Figueiredo 2003).
 *
 * @param penalty of the shared columns
 * @param strength variance of the noise, correlation counted in
 */
export function solveWithInputs({ gram, names }: PreparedInputs, penalty: Float64Array, right: Float64Array, previous: Float64Array, strength: number, iteration: number): Float64Array {
  let solution = previous;
  for (let step = 0; step < (iteration === 0 ? 1 : SHRINKING_STEPS); step++) {
    const effects = solution.subarray(solution.length - names.length);
    const shrinkage = effects.map((effect) => (iteration === 0 ? strength / FIRST_SCALE ** 2 : (SCEPTICISM * strength) / Math.max(SMALLEST_SQUARE, effect * effect)));
    solution = solveCholesky(gram, Float64Array.from([...penalty, ...shrinkage]), right);
  }
  return solution;
}

/** What known inputs add to steps `from` to `to`, in the load's unit; zero where nothing was found of them. */
export function effectOfInputs(effects: readonly InputEffect[] | undefined, inputs: InputColumns | null, from: number, to: number): Float64Array {
  const sum = new Float64Array(to - from);
  if (inputs === null || effects === undefined || effects.every(({ perUnit }) => perUnit === 0)) return sum;
  const rows = inputs.rows(from, to);
  const count = effects.length;
  return sum.map((_, i) => effects.reduce((total, { centre, perUnit }, k) => total + perUnit * ((rows[i * count + k] as number) - centre), 0));
}

/** Columns around their usual value and one in size; a column that does not move becomes zero. */
function standardise(raw: Float64Array, length: number, count: number): { values: Float64Array; centres: Float64Array; scales: Float64Array } {
  const centres = new Float64Array(count);
  const scales = new Float64Array(count);
  const values = new Float64Array(raw.length);
  for (let k = 0; k < count; k++) {
    const column = Float64Array.from({ length }, (_, t) => raw[t * count + k] as number);
    const centre = medianOf(column);
    const mean = column.reduce((sum, value) => sum + value, 0) / length;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length);
    centres[k] = centre;
    if (!(deviation > 1e-12 * Math.abs(mean))) continue;
    scales[k] = deviation;
    column.forEach((value, t) => (values[t * count + k] = (value - centre) / deviation));
  }
  return { values, centres, scales };
}
