import { fillGaps } from '../fill-gaps';
import type { TemplateWindows } from './template-windows';

/** From so many days on the time of day can be told from chance. */
const FEWEST_PROFILE_DAYS = 3;

/**
 * What was new in each window: how far the load was from its usual value at that time of day, less what of it was known when the window began. Days that
 * children share are no reason to be wrong together.
 *
 * @returns `[step][window]`, flat
 */
export function windowInnovations(history: readonly (number | null)[], { stepsBack, span }: TemplateWindows, horizon: number, dayLength: number): Float64Array {
  const deviations = fromUsual(fillGaps(history.slice(-span), dayLength).values, dayLength);
  const end = deviations.length;
  const innovations = new Float64Array(horizon * stepsBack.length);
  const persistence = persistenceAt(deviations, horizon);
  stepsBack.forEach((back, k) => {
    const before = deviations[end - back - 1] as number;
    for (let h = 0; h < horizon; h++) innovations[h * stepsBack.length + k] = (deviations[end - back + h] as number) - (persistence[h] as number) * before;
  });
  return innovations;
}

function fromUsual(values: Float64Array, dayLength: number): Float64Array {
  const period = values.length >= FEWEST_PROFILE_DAYS * dayLength ? dayLength : 1;
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let i = 0; i < values.length; i++) {
    sums[i % period] = (sums[i % period] as number) + (values[i] as number);
    counts[i % period] = (counts[i % period] as number) + 1;
  }
  return values.map((value, i) => value - (sums[i % period] as number) / (counts[i % period] as number));
}

/** `[step]`: how much of a deviation is left so many steps later (its autocorrelation, between doubled lags by straight lines), 0..1. */
function persistenceAt(deviations: Float64Array, horizon: number): Float64Array {
  const lags: number[] = [];
  for (let lag = 1; lag < horizon; lag *= 2) lags.push(lag);
  lags.push(horizon);
  const known = lags.map((lag) => autocorrelation(deviations, lag));
  let after = 0;
  return Float64Array.from({ length: horizon }, (_, h) => {
    while ((lags[after] as number) < h + 1) after++;
    if (lags[after] === h + 1) return known[after] as number;
    const [from, to] = [lags[after - 1] as number, lags[after] as number];
    const share = (h + 1 - from) / (to - from);
    return (known[after - 1] as number) * (1 - share) + (known[after] as number) * share;
  });
}

function autocorrelation(values: Float64Array, lag: number): number {
  let product = 0;
  let power = 0;
  for (let i = 0; i < values.length; i++) {
    power += (values[i] as number) ** 2;
    if (i >= lag) product += (values[i] as number) * (values[i - lag] as number);
  }
  return power > 0 ? Math.max(0, Math.min(1, product / power)) : 0;
}
