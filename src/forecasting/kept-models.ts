import { createHash } from 'node:crypto';
import type { FitOptions, FittedModel, ForecastModel } from './forecast-model';
import type { LoadSeries } from './load-series';

const DAY_MS = 86_400_000;
/** Rounds, each as many calls as models are kept, after which one that nobody asked for may go. */
const IDLE_ROUNDS = 10;

/** A model of one series, and a digest of all that it has seen. */
export interface SeenModel {
  readonly fitted: FittedModel;
  readonly digest: string;
}

interface Kept extends SeenModel {
  /** What the caller sent last, up to the latest value. */
  readonly series: LoadSeries;
  /** Steps that the model has seen: more than the caller sends, once its window has moved on. */
  readonly steps: number;
  /** Number of the call that asked for it last. */
  readonly usedAt: number;
}

export interface KeptModels {
  /**
   * A model that has seen the series: one from an earlier call, updated by the values that came since, where the series continues what that one saw; else one
   * fitted anew.
   *
   * @throws InvalidSeriesError as the model's `fit` does
   */
  modelOf(model: ForecastModel, series: LoadSeries, options: FitOptions): Promise<SeenModel>;
}

/**
 * Models that stay from call to call: a service asks for the same series at every tick, a few values later, and what was learned of it (how well each rule
 * forecast it) costs far more than the forecast. Where the histories of all come to more than `mostValues`, those stay that are there already, until nobody has asked
 * for them for ten rounds: a fleet that is too large gains on a part of its series, where by last use alone each would go before its next turn.
 *
 * A kept model sees up to a day more than the caller sends, then is fitted anew. Values that come late, where there was none at the end, are values like any other; any
 * other difference in the past fits anew too.
 */
export function createKeptModels(mostValues: number): KeptModels {
  /** By last use. */
  const all = new Map<string, Kept>();
  let values = 0;
  let calls = 0;

  function remove(key: string): Kept | undefined {
    const kept = all.get(key);
    if (kept !== undefined) values -= kept.steps;
    all.delete(key);
    return kept;
  }

  function keep(key: string, kept: Kept): void {
    all.set(key, kept);
    values += kept.steps;
    for (const [oldest, { usedAt }] of all) {
      if (values <= mostValues) return;
      remove(calls - usedAt > IDLE_ROUNDS * all.size ? oldest : key);
    }
  }

  return {
    async modelOf(model, sent, options) {
      const key = JSON.stringify([model.name, options.seed, options.settings, sent.id]);
      const { series, gap } = withoutTrailingGap(sent);
      const before = remove(key);
      calls++;
      const more = before === undefined ? null : whatFollows(before, series);
      const kept = before === undefined || more === null ? await fitAnew(model, series, options) : await continued(before, series, more);
      keep(key, { ...kept, usedAt: calls });
      return gap === 0 ? kept : { fitted: await kept.fitted.update([new Array<null>(gap).fill(null)]), digest: digestOf([kept.digest, gap]) };
    },
  };
}

async function fitAnew(model: ForecastModel, series: LoadSeries, options: FitOptions): Promise<Omit<Kept, 'usedAt'>> {
  return { series, steps: series.values.length, fitted: await model.fit([series], options), digest: digestOf(series) };
}

async function continued(before: Kept, series: LoadSeries, more: readonly (number | null)[]): Promise<Omit<Kept, 'usedAt'>> {
  if (more.length === 0) return { ...before, series };
  return { series, steps: before.steps + more.length, fitted: await before.fitted.update([more]), digest: digestOf([before.digest, more]) };
}

/** The values that came after those that a kept model saw; null where the series is not that one continued, or the model has seen a day more than it. */
function whatFollows({ series: before, steps }: Kept, series: LoadSeries): readonly (number | null)[] | null {
  const dropped = (series.startAtMs - before.startAtMs) / series.stepMs;
  const shared = before.values.length - dropped;
  const sameKind = series.stepMs === before.stepMs && series.bounds?.lower === before.bounds?.lower && series.bounds?.upper === before.bounds?.upper;
  if (!sameKind || !Number.isInteger(dropped) || dropped < 0 || shared < 1 || shared > series.values.length) return null;
  for (let i = 0; i < shared; i++) if (series.values[i] !== before.values[dropped + i]) return null;
  const more = series.values.slice(shared);
  return steps + more.length > series.values.length + DAY_MS / series.stepMs ? null : more;
}

function withoutTrailingGap(series: LoadSeries): { readonly series: LoadSeries; readonly gap: number } {
  const { values } = series;
  let end = values.length;
  while (end > 1 && values[end - 1] === null) end--;
  return { series: end === values.length ? series : { ...series, values: values.slice(0, end) }, gap: values.length - end };
}

function digestOf(seen: unknown): string {
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex');
}
