import { quantileOfSorted } from '../quantile-of-sorted';
import { spreadOrigins } from '../rules/path-rule';
import { smallest } from '../rules/smallest';
import { sortNumbers } from '../sort-numbers';
import { latestPeak, type PeakHistory } from './peak-history';

/** At most so many past windows a rule. */
const MOST_WINDOWS = 120;
const FEWEST_WINDOWS = 12;
/** Ratios of maxima beyond this are outages, not growth. */
const LARGEST_RATIO = 5;

interface PeakRule {
  readonly name: string;
  /** Values that the highest may take, all equally likely, as far as this rule knows. */
  readonly samples: (history: PeakHistory) => Float64Array;
  /** Windows overlap, so that a sample knows little of the tail: quantiles are those of as many values as there were horizons, with an exponential tail. */
  readonly fewKnown?: boolean;
}

/** Starts of past windows whose `before` steps of history are known too. */
function windows({ end, horizon, oldest }: PeakHistory, before: number, from = oldest): number[] {
  return spreadOrigins(Math.max(before, from), end - horizon, MOST_WINDOWS);
}

function sample(origins: readonly number[], valueAt: (origin: number) => number): Float64Array {
  // A plain loop: this is most of the time, and `from` takes several times as long.
  const values = new Float64Array(origins.length);
  for (let i = 0; i < values.length; i++) values[i] = valueAt(origins[i] as number);
  return values;
}

function maximaSince(history: PeakHistory, steps: number): Float64Array {
  return sample(windows(history, 0, Math.max(history.oldest, history.end - steps)), (o) => history.maxima[o] as number);
}

function allMaxima(history: PeakHistory): Float64Array {
  return maximaSince(history, Infinity);
}

/** How maxima changed from one horizon to the next, put on top of the latest. */
function changesSince(history: PeakHistory, from: number): Float64Array {
  const { maxima, horizon } = history;
  const latest = latestPeak(history);
  return sample(windows(history, horizon, Math.max(history.oldest, from)), (o) => latest + (maxima[o] as number) - (maxima[o - horizon] as number));
}

function allChanges(history: PeakHistory): Float64Array {
  return changesSince(history, history.oldest);
}

/** What came on top of an anchor known at each moment. */
function anchored(history: PeakHistory, before: number, anchorAt: (at: number) => number): Float64Array {
  const now = anchorAt(history.end);
  return sample(windows(history, before), (o) => now + (history.maxima[o] as number) - anchorAt(o));
}

/** Ways in which the highest value over the next horizon may come about, from the highest values over past ones. */
const RULES: readonly PeakRule[] = [
  { name: 'all', samples: allMaxima },
  { name: 'week', samples: (history) => maximaSince(history, 7 * history.dayLength) },
  { name: 'recent', samples: (history) => maximaSince(history, 3 * history.horizon) },
  { name: 'change', samples: allChanges },
  { name: 'recent-change', samples: (history) => changesSince(history, history.end - 8 * history.dayLength) },
  { name: 'last-value', samples: (history) => anchored(history, 1, (at) => history.values[at - 1] as number) },
  { name: 'day-mean', samples: (history) => anchored(history, history.dayLength, (at) => history.dayMeans[at] as number) },
  { name: 'ratio', samples: ratios },
  { name: 'weekday', samples: weekdays },
  { name: 'like-day', samples: afterLikeDays },
  { name: 'all-tail', fewKnown: true, samples: allMaxima },
  { name: 'change-tail', fewKnown: true, samples: allChanges },
];

export const PEAK_RULE_NAMES: readonly string[] = RULES.map(({ name }) => name);

function ratios(history: PeakHistory): Float64Array {
  const { maxima, horizon } = history;
  const latest = latestPeak(history);
  return sample(windows(history, horizon), (o) => {
    const before = maxima[o - horizon] as number;
    return before > 0 ? latest * Math.min(LARGEST_RATIO, (maxima[o] as number) / before) : latest;
  });
}

function weekdays(history: PeakHistory): Float64Array {
  const { maxima, end, horizon, dayLength } = history;
  const week = 7 * dayLength;
  if (end < week || horizon > week) return new Float64Array(0);
  const lastWeek = maxima[end - week] as number;
  return sample(windows(history, week), (o) => lastWeek + (maxima[o] as number) - (maxima[o - week] as number));
}

/** Maxima after the third of days whose mean was nearest to the last day's. */
function afterLikeDays(history: PeakHistory): Float64Array {
  const origins = windows(history, history.dayLength);
  const now = history.dayMeans[history.end] as number;
  const distances = sample(origins, (o) => Math.abs((history.dayMeans[o] as number) - now));
  const wanted = Math.min(origins.length, Math.floor(origins.length / 3) + 8);
  const farthest = wanted === 0 ? 0 : smallest(distances, wanted);
  const nearer = origins.filter((_, i) => (distances[i] as number) < farthest);
  const asFar = origins.filter((_, i) => distances[i] === farthest);
  return sample([...nearer, ...asFar].slice(0, wanted), (o) => history.maxima[o] as number);
}

/** `[rule][level]`: what each rule says of the highest value over the next horizon; null for a rule that has seen too little. */
export function askPeakRules(history: PeakHistory, levels: readonly number[]): (Float64Array | null)[] {
  const horizons = Math.max(2, (history.end - history.oldest) / history.horizon - 1);
  const known = new Map<PeakRule['samples'], Float64Array>();
  return RULES.map(({ samples, fewKnown = false }) => {
    const sorted = known.get(samples) ?? sortNumbers(samples(history));
    known.set(samples, sorted);
    if (sorted.length < FEWEST_WINDOWS) return null;
    return fewKnown ? tailedQuantiles(sorted, horizons, levels) : sample(levels, (level) => quantileOfSorted(sorted, level));
  });
}

/** Quantiles of a sample worth `count` independent values (plotting positions of Hazen 1914); beyond the highest an exponential tail of the mean excess over the upper quartile. */
function tailedQuantiles(sorted: Float64Array, count: number, levels: readonly number[]): Float64Array {
  const quartile = quantileOfSorted(sorted, 0.75);
  let excess = 0;
  let above = 0;
  for (let i = sorted.length - 1; i >= 0 && (sorted[i] as number) >= quartile; i--) {
    excess += (sorted[i] as number) - quartile;
    above++;
  }
  const highest = sorted[sorted.length - 1] as number;
  const known = 1 / (count + 1);
  let before = -Infinity;
  return sample(levels, (level) => {
    const value = 1 - level < known ? highest + (excess / above) * Math.log(known / (1 - level)) : quantileOfSorted(sorted, Math.min(1, Math.max(0, (level * (count + 1) - 0.5) / count)));
    before = Math.max(before, value);
    return before;
  });
}
