import type { AccuracyWindow } from './forecast-accuracy';
import { describeChoice, type ModelChoice } from './model-choice';

export interface DemotionPolicy {
  /** Subjects (instances) that both windows need to say anything. */
  readonly minSubjects: number;
  /** How much larger the relative loss must have become, in percent. */
  readonly minLossIncreasePercent: number;
  /** How many standard errors the change must be away from none. */
  readonly minDeviations: number;
  /** Fewer steps within the 0.05 and 0.95 quantiles than this are a failure by themselves. */
  readonly minCovered90: number;
}

export const DEFAULT_DEMOTION: DemotionPolicy = { minSubjects: 8, minLossIncreasePercent: 10, minDeviations: 3, minCovered90: 0.75 };

export interface DemotionVerdict {
  readonly demote: boolean;
  readonly reason: string;
}

/**
 * Whether a champion has to go: it is worse than the naive forecast, or clearly worse than it was (two-sample test of window means, Welch 1947), or its
 * intervals do not hold. Pure; every verdict has its reason.
 *
 * @param recent forecasts of the last days
 * @param earlier forecasts of the same champion before those
 */
export function decideDemotion(champion: ModelChoice, recent: AccuracyWindow, earlier: AccuracyWindow, policy: DemotionPolicy = DEFAULT_DEMOTION): DemotionVerdict {
  const name = describeChoice(champion);
  const stays = (why: string): DemotionVerdict => ({ demote: false, reason: `${name} stays: ${why}` });
  const goes = (why: string): DemotionVerdict => ({ demote: true, reason: `${name} goes: ${why}` });
  const { meanLogRatio, standardError, covered90 } = recent;
  if (recent.subjects < policy.minSubjects || meanLogRatio === null || standardError === null) {
    return stays(`its recent forecasts were scored on ${recent.subjects} series; ${policy.minSubjects} are needed`);
  }
  if (covered90 !== null && covered90 < policy.minCovered90) return goes(`its 90 % intervals covered ${(100 * covered90).toFixed(1)} % (${(100 * policy.minCovered90).toFixed(0)} % are needed)`);
  if (meanLogRatio > policy.minDeviations * standardError) return goes(`it is worse than the naive forecast, by ${percent(meanLogRatio)} % on ${recent.subjects} series`);
  if (earlier.subjects < policy.minSubjects || earlier.meanLogRatio === null || earlier.standardError === null) return stays('there are not enough earlier forecasts of it to compare with');
  const change = meanLogRatio - earlier.meanLogRatio;
  const error = Math.hypot(standardError, earlier.standardError);
  const figures = `its relative loss went from ${Math.exp(earlier.meanLogRatio).toFixed(3)} to ${Math.exp(meanLogRatio).toFixed(3)}`;
  const grewMuch = 100 * (Math.exp(change) - 1) > policy.minLossIncreasePercent;
  return grewMuch && change > policy.minDeviations * error ? goes(figures) : stays(figures);
}

function percent(logRatio: number): string {
  return (100 * (Math.exp(logRatio) - 1)).toFixed(1);
}
