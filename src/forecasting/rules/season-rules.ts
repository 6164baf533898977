import { MAX_PATHS, enoughPaths, spreadOrigins, type PathRule, type RuleContext } from './path-rule';

const LONGEST_PROFILE_DAYS = 28;

/** What was seen at the same time of day, on each of the last days, and one or two steps beside it. */
export const profileRule: PathRule = {
  name: 'profile',
  paths(context, horizon) {
    return fromPastDays(context, horizon, 2, (seen) => seen);
  },
};

/** The time-of-day profile, moved so that it agrees with the mean of the last `anchorSteps` steps. */
export function createAnchoredProfileRule(anchorSteps: number): PathRule {
  return {
    name: `anchored-profile-${anchorSteps}`,
    paths(context, horizon) {
      const now = meanBefore(context.values, context.end, anchorSteps);
      return fromPastDays(context, horizon, 1, (seen, origin) => {
        if (origin < anchorSteps) return null;
        const shift = now - meanBefore(context.values, origin, anchorSteps);
        return seen.map((value) => value + shift);
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
    const paths = origins.map((origin) =>
      Float64Array.from({ length: horizon }, (_, h) => {
        const step = h % dayLength;
        const yesterday = values[end - dayLength + step] as number;
        const change = (values[origin + (step % span)] as number) - (values[origin + (step % span) - dayLength] as number);
        return yesterday + change;
      }),
    );
    return enoughPaths(paths);
  },
};

type Adapt = (seen: Float64Array, origin: number) => Float64Array | null;

function fromPastDays({ values, end, dayLength }: RuleContext, horizon: number, reach: number, adapt: Adapt): Float64Array[] | null {
  // A day of hardly any steps has no shape.
  if (end < 2 * dayLength || dayLength <= 2 * reach) return null;
  const paths: Float64Array[] = [];
  for (let day = 1; day <= LONGEST_PROFILE_DAYS; day++) {
    for (let beside = -reach; beside <= reach; beside++) {
      const origin = end - day * dayLength + beside;
      if (origin < 1) continue;
      // Beyond one day, and beyond the present, the same time of the day before stands in.
      const seen = Float64Array.from({ length: horizon }, (_, h) => {
        const at = origin + (h % dayLength);
        return values[at < end ? at : at - dayLength] as number;
      });
      const path = adapt(seen, origin);
      if (path !== null) paths.push(path);
    }
  }
  return enoughPaths(paths);
}

function meanBefore(values: Float64Array, end: number, steps: number): number {
  if (steps === 1) return values[end - 1] as number;
  let sum = 0;
  for (let i = end - steps; i < end; i++) sum += values[i] as number;
  return sum / steps;
}
