import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';

/**
 * The steps at which a mixture is read: each of a short horizon, about `most` of a longer one, evenly spread, the first and the last among them. A day's
 * distributions change little from step to step, and reading them is most of what a forecast costs.
 */
export function readSteps(horizon: number, most: number): Int32Array {
  const each = horizon <= LONGEST_SHORT_HORIZON ? 1 : Math.ceil(horizon / most);
  const steps = new Int32Array(Math.ceil((horizon - 1) / each) + 1);
  for (let k = 0; k < steps.length; k++) steps[k] = Math.min(horizon - 1, k * each);
  return steps;
}

/** Rows (`[step][column]`) of every step of the horizon from those of the steps that were read: straight lines between them. */
export function fillSteps(rows: Float64Array, steps: Int32Array, horizon: number): Float64Array {
  if (steps.length === horizon) return rows;
  const width = rows.length / steps.length;
  const filled = new Float64Array(horizon * width);
  for (let k = 0; k + 1 < steps.length; k++) {
    const first = steps[k] as number;
    const end = steps[k + 1] as number;
    for (let h = first; h <= end; h++) {
      const share = (h - first) / (end - first);
      for (let c = 0; c < width; c++) {
        const from = rows[k * width + c] as number;
        filled[h * width + c] = from + share * ((rows[(k + 1) * width + c] as number) - from);
      }
    }
  }
  return filled;
}
