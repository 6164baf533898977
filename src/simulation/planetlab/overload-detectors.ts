/** Instants that a host's past goes back. */
export const HISTORY_LENGTH = 30;

/** What a detector sees of a host: demand over capacity now, and at past instants, newest first; zeros from `known` on. */
export interface HostLoad {
  readonly demandRatio: number;
  readonly history: Float64Array;
  readonly known: number;
}

/** Whether a host is, or with a VM more would be, overloaded. */
export type OverloadDetector = (load: HostLoad) => boolean;

const FEWEST_FOR_SPREAD = 12;
const REGRESSED = 10;
/** The step a migration ends in: every VM is copied in less than the 300 s of one. */
const PREDICTED_AT = REGRESSED + 1;

/** THR: a fixed limit on the demand now. */
export const threshold =
  (limit: number): OverloadDetector =>
  ({ demandRatio }) =>
    demandRatio > limit;

/** What the detectors with a memory use until they have one. */
export const withoutHistory = threshold(0.7);

/** IQR: the wider the middle half of the past loads spreads, the lower the limit. */
export const interquartileRange =
  (safety: number): OverloadDetector =>
  (load) => {
    if (load.known < FEWEST_FOR_SPREAD) return withoutHistory(load);
    const sorted = load.history.slice(0, load.known).sort();
    const quartile = (share: number): number => sorted[Math.round(share * (load.known + 1)) - 1] as number;
    return load.demandRatio > 1 - safety * (quartile(0.75) - quartile(0.25));
  };

/** MAD: the same with the median absolute deviation. */
export const medianAbsoluteDeviation =
  (safety: number): OverloadDetector =>
  (load) => {
    if (load.known < FEWEST_FOR_SPREAD) return withoutHistory(load);
    const past = load.history.slice(0, load.known);
    const middle = median(past.slice());
    return load.demandRatio > 1 - safety * median(past.map((value) => Math.abs(middle - value)));
  };

/**
 * LRR (and LR): a straight line through the last ten loads, carried on to the end of a migration. The robust weights of the paper are computed but not
 * applied in CloudSim 3.0.3, so this is plain least squares.
 */
export const localRegression =
  (safety: number): OverloadDetector =>
  (load) => {
    if (load.known < REGRESSED) return withoutHistory(load);
    return safety * lineAt(load.history.subarray(0, REGRESSED).slice().reverse(), PREDICTED_AT) >= 1;
  };

/** PeakHold: a fixed limit on the demand now and at every instant that is remembered. */
export const rememberedPeak =
  (limit: number): OverloadDetector =>
  ({ demandRatio, history }) =>
    demandRatio > limit || history.some((ratio) => ratio > limit);

/** Sorts its argument. */
function median(values: Float64Array): number {
  values.sort();
  const half = values.length >> 1;
  const upper = values[half] as number;
  if (values.length % 2 === 1) return upper;
  const lower = values[half - 1] as number;
  return lower + 0.5 * (upper - lower);
}

/**
 * The least-squares line through (1, y0), (2, y1), ... at `x`, summed one point after the other as Commons Math 3 does (SimpleRegression): some
 * predictions meet the limit so closely that another order of the sums decides otherwise, and a day with it.
 */
function lineAt(ys: Float64Array, x: number): number {
  let sumX = 0;
  let sumY = 0;
  let meanX = 0;
  let meanY = 0;
  let squared = 0;
  let crossed = 0;
  ys.forEach((y, n) => {
    const dx = n + 1 - meanX;
    const dy = y - meanY;
    const weight = n / (n + 1);
    squared += dx * dx * weight;
    crossed += dx * dy * weight;
    meanX += dx / (n + 1);
    meanY += dy / (n + 1);
    sumX += n + 1;
    sumY += y;
  });
  const slope = crossed / squared;
  return (sumY - slope * sumX) / ys.length + slope * x;
}
