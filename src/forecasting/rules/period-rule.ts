import { enoughPaths, type PathRule } from './path-rule';

const SHORTEST = 3;
/** The period is looked for in this many days, and seen repeated so often. */
const WINDOW_DAYS = 4;
const REPEATS = 40;
/** Correlation below this is no period. */
const LEAST_CORRELATION = 0.2;

/**
 * What was seen one, two ... periods ago, for loads that repeat by another clock than the day's: hourly jobs, a batch every forty minutes. The
 * period is the lag below half a day at which the last days' changes agree best with themselves.
 */
export const periodRule: PathRule = {
  name: 'period',
  paths({ values, end, dayLength }) {
    const first = Math.max(1, end - WINDOW_DAYS * dayLength);
    const longest = Math.min(Math.floor(dayLength / 2), Math.floor((end - first) / 4));
    const period = strongestPeriod(values, first, end, longest);
    if (period === null) return null;
    const origins: number[] = [];
    for (let k = 1; k <= REPEATS && end - k * period >= 1; k++) origins.push(end - k * period);
    return enoughPaths({
      count: origins.length,
      column(h, into) {
        for (let s = 0; s < origins.length; s++) {
          let at = (origins[s] as number) + h;
          if (at >= end) at -= Math.ceil((at - end + 1) / period) * period;
          into[s] = values[at] as number;
        }
      },
    });
  },
};

/** The lag with the highest autocorrelation of changes; null where none stands out. */
function strongestPeriod(values: Float64Array, first: number, end: number, longest: number): number | null {
  const changes = new Float64Array(end - first);
  let power = 0;
  for (let i = 0; i < changes.length; i++) {
    changes[i] = (values[first + i] as number) - (values[first + i - 1] as number);
    power += (changes[i] as number) ** 2;
  }
  if (power === 0) return null;
  let best = LEAST_CORRELATION;
  let period: number | null = null;
  for (let lag = SHORTEST; lag <= longest; lag++) {
    const sum = productAt(changes, lag);
    if (sum / power > best) {
      best = sum / power;
      period = lag;
    }
  }
  return period;
}

/** Sum of products `lag` apart; four sums at once, since one alone would wait for each addition. */
function productAt(changes: Float64Array, lag: number): number {
  const count = changes.length - lag;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    a += (changes[i] as number) * (changes[i + lag] as number);
    b += (changes[i + 1] as number) * (changes[i + 1 + lag] as number);
    c += (changes[i + 2] as number) * (changes[i + 2 + lag] as number);
    d += (changes[i + 3] as number) * (changes[i + 3 + lag] as number);
  }
  for (; i < count; i++) a += (changes[i] as number) * (changes[i + lag] as number);
  return a + b + c + d;
}
