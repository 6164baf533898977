import { meanBefore } from './means-before';
import { MAX_PATHS, enoughPaths, spreadOrigins, type PathRule, type PathSet, type RuleContext } from './path-rule';

const LONGEST_PROFILE_DAYS = 28;
/** A ratio of levels beyond this is no growth but another state of the machine. */
const LARGEST_RATIO = 8;

/** What was seen at the same time of day, on each of the last `days`, and one or two steps beside it. */
export function createProfileRule(days: number): PathRule {
  return {
    name: `profile-${days}`,
    paths: (context) => {
      const origins = pastDays(context, { days, reach: 2 });
      return origins === null ? null : pastDayPaths(context, origins, null, null);
    },
  };
}

/** What was seen at the same time on the same weekday of past weeks, and one or two steps beside it. */
export const weekdayRule: PathRule = {
  name: 'weekday',
  paths: (context) => {
    const origins = pastDays(context, { days: LONGEST_PROFILE_DAYS, reach: 4, every: 7 });
    return origins === null ? null : pastDayPaths(context, origins, null, null);
  },
};

/** The time-of-day profile, moved by a sum or a ratio so that it agrees with the mean of the last `anchorSteps` steps. */
export function createAnchoredProfileRule(anchorSteps: number, by: 'sum' | 'ratio'): PathRule {
  return {
    name: `anchored-${by}-${anchorSteps}`,
    paths(context) {
      const { values, end } = context;
      const all = end < anchorSteps ? null : pastDays(context, { days: LONGEST_PROFILE_DAYS, reach: 1 });
      if (all === null) return null;
      const now = meanBefore(values, end, anchorSteps);
      const origins: number[] = [];
      const ratios: number[] = [];
      const shifts: number[] = [];
      for (const origin of all) {
        if (origin < anchorSteps) continue;
        const then = meanBefore(values, origin, anchorSteps);
        const ratio = now === then || by === 'sum' ? 1 : now / then;
        if (!(ratio >= 0 && ratio <= LARGEST_RATIO)) continue;
        origins.push(origin);
        ratios.push(ratio);
        shifts.push(by === 'sum' ? now - then : 0);
      }
      return pastDayPaths(context, origins, ratios, shifts);
    },
  };
}

/** Yesterday again, plus how one day differed from the next in the past. */
export const yesterdayRule: PathRule = {
  name: 'yesterday',
  paths({ values, end, dayLength }, horizon) {
    const span = Math.min(horizon, dayLength);
    const origins = spreadOrigins(dayLength, end - span, MAX_PATHS);
    return enoughPaths({
      count: origins.length,
      column(h, into) {
        const step = h % dayLength;
        const yesterday = values[end - dayLength + step] as number;
        for (let s = 0; s < origins.length; s++) {
          const then = (origins[s] as number) + (step % span);
          into[s] = yesterday + ((values[then] as number) - (values[then - dayLength] as number));
        }
      },
    });
  },
};

interface PastDays {
  readonly days: number;
  /** Steps beside the same time of day that count as well. */
  readonly reach: number;
  /** Only every so many days; 1 where left out. */
  readonly every?: number;
}

/** Moments of past days at the time of `end` and beside it; null where there are none. */
function pastDays({ end, dayLength }: RuleContext, { days, reach, every = 1 }: PastDays): number[] | null {
  // A day of hardly any steps has no shape.
  if (end < (every + 1) * dayLength || dayLength <= 2 * reach) return null;
  const origins: number[] = [];
  for (let day = every; day <= days; day += every) {
    for (let beside = -reach; beside <= reach; beside++) {
      const origin = end - day * dayLength + beside;
      if (origin >= 1) origins.push(origin);
    }
  }
  return origins;
}

/** Past days again, each times its ratio plus its shift. Beyond one day, and beyond the present, the same time of the day before stands in. */
function pastDayPaths({ values, end, dayLength }: RuleContext, origins: readonly number[], ratios: readonly number[] | null, shifts: readonly number[] | null): PathSet | null {
  return enoughPaths({
    count: origins.length,
    column(h, into) {
      const step = h % dayLength;
      for (let s = 0; s < origins.length; s++) {
        const at = (origins[s] as number) + step;
        const seen = values[at < end ? at : at - dayLength] as number;
        into[s] = ratios === null || shifts === null ? seen : seen * (ratios[s] as number) + (shifts[s] as number);
      }
    },
  });
}
