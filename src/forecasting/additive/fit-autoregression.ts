const MAX_ORDER = 24;

/**
 * Fits an autoregression to residuals around zero by the Yule-Walker equations, solved by Levinson's recursion (Durbin 1960), with the
 * order of the lowest Bayesian information criterion (Schwarz 1978). Gaps count as zero, which keeps the result stationary.
 *
 * @returns coefficients, the one for the latest value first; none for residuals without variance or memory
 */
export function fitAutoregression(residuals: Float64Array): number[] {
  const n = residuals.length;
  const maxOrder = Math.min(MAX_ORDER, Math.floor(n / 12));
  const covariance = Array.from({ length: maxOrder + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (residuals[i] as number) * (residuals[i - lag] as number);
    return sum / n;
  });
  let variance = covariance[0] as number;
  if (!(variance > 1e-12)) return [];
  const floor = variance * 1e-9;
  let coefficients: number[] = [];
  let best: { readonly score: number; readonly coefficients: number[] } = { score: n * Math.log(variance), coefficients: [] };
  for (let order = 1; order <= maxOrder; order++) {
    let reflection = covariance[order] as number;
    coefficients.forEach((value, j) => (reflection -= value * (covariance[order - 1 - j] as number)));
    reflection /= variance;
    coefficients = [...coefficients.map((value, j) => value - reflection * (coefficients[order - 2 - j] as number)), reflection];
    variance *= 1 - reflection * reflection;
    // A residual that is told without error leaves nothing for a higher order.
    if (!(variance > floor)) return coefficients;
    const score = n * Math.log(variance) + order * Math.log(n);
    if (score < best.score) best = { score, coefficients };
  }
  return best.coefficients;
}

/** Continues `series[0..end)` by the autoregression's expectation, `horizon` steps. */
export function continueAutoregression(coefficients: readonly number[], series: Float64Array, end: number, horizon: number): Float64Array {
  const order = coefficients.length;
  const window = new Float64Array(order + horizon);
  for (let k = 0; k < order; k++) window[k] = series[end - order + k] ?? 0;
  for (let h = 0; h < horizon; h++) {
    let sum = 0;
    for (let k = 0; k < order; k++) sum += (coefficients[k] as number) * (window[order + h - 1 - k] as number);
    window[order + h] = sum;
  }
  return window.subarray(order);
}
