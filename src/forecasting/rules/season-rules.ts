import { MAX_PATHS, enoughPaths, spreadOrigins, type PathRule, type RuleContext } from './path-rule';

const LONGEST_PROFILE_DAYS = 28;
/** A ratio of levels beyond this is no growth but another state of the machine. */
const LARGEST_RATIO = 8;

/** What was seen at the same time of day, on each of the last `days`, and one or two steps beside it. */
export function createProfileRule(days: number): PathRule {
  return { name: `profile-${days}`, paths: (context, horizon) => fromPastDays(context, horizon, { days, reach: 2 }, (seen) => seen) };
}

/** What was seen at the same time on the same weekday of past weeks, and one or two steps beside it. */
export const weekdayRule: PathRule = {
  name: 'weekday',
  paths: (context, horizon) => fromPastDays(context, horizon, { days: LONGEST_PROFILE_DAYS, reach: 4, every: 7 }, (seen) => seen),
};

/** The time-of-day profile, moved by a sum or a ratio so that it agrees with the mean of the last `anchorSteps` steps. */
export function createAnchoredProfileRule(anchorSteps: number, by: 'sum' | 'ratio'): PathRule {
  return {
    name: `anchored-${by}-${anchorSteps}`,
    paths(context, horizon) {
      if (context.end < anchorSteps) return null;
      const now = meanBefore(context.values, context.end, anchorSteps);
      return fromPastDays(context, horizon, { days: LONGEST_PROFILE_DAYS, reach: 1 }, (seen, origin) => {
        if (origin < anchorSteps) return null;
        const then = meanBefore(context.values, origin, anchorSteps);
        if (now === then) return seen;
        const ratio = by === 'sum' ? 1 : now / then;
        if (!(ratio >= 0 && ratio <= LARGEST_RATIO)) return null;
        const shift = by === 'sum' ? now - then : 0;
        for (let h = 0; h < horizon; h++) seen[h] = (seen[h] as number) * ratio + shift;
        return seen;
      });
    },
  };
}

/** Yesterday again, plus how one day differed from the next in the past. */
export const yesterdayRule: PathRule = {
  name: 'yesterday',
  paths({ values, end, dayLength }, horizon) {
    const span = Math.min(horizon, dayLength);
    const origins = spreadOrigins(dayLength, end - span, MAX_PATHS);
    const paths = origins.map((origin) => {
      const path = new Float64Array(horizon);
      for (let h = 0; h < horizon; h++) {
        const step = h % dayLength;
        const then = origin + (step % span);
        path[h] = (values[end - dayLength + step] as number) + ((values[then] as number) - (values[then - dayLength] as number));
      }
      return path;
    });
    return enoughPaths(paths);
  },
};

/** Moves what was seen, in place. */
type Adapt = (seen: Float64Array, origin: number) => Float64Array | null;

interface PastDays {
  readonly days: number;
  /** Steps beside the same time of day that count as well. */
  readonly reach: number;
  /** Only every so many days; 1 where left out. */
  readonly every?: number;
}

function fromPastDays({ values, end, dayLength }: RuleContext, horizon: number, { days, reach, every = 1 }: PastDays, adapt: Adapt): Float64Array[] | null {
  // A day of hardly any steps has no shape.
  if (end < (every + 1) * dayLength || dayLength <= 2 * reach) return null;
  const paths: Float64Array[] = [];
  for (let day = every; day <= days; day += every) {
    for (let beside = -reach; beside <= reach; beside++) {
      const origin = end - day * dayLength + beside;
      if (origin < 1) continue;
      // Beyond one day, and beyond the present, the same time of the day before stands in.
      const seen = new Float64Array(horizon);
      for (let h = 0, at = origin; h < horizon; h++, at++) {
        if (at === origin + dayLength) at = origin;
        seen[h] = values[at < end ? at : at - dayLength] as number;
      }
      const path = adapt(seen, origin);
      if (path !== null) paths.push(path);
    }
  }
  return enoughPaths(paths);
}

/** Mean of the `steps` values before `end`. */
export function meanBefore(values: Float64Array, end: number, steps: number): number {
  if (steps === 1) return values[end - 1] as number;
  let sum = 0;
  for (let i = end - steps; i < end; i++) sum += values[i] as number;
  return sum / steps;
}
