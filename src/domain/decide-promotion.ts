import { describeChoice, type ModelChoice } from './model-choice';

/** What a backtest says about a challenger: its quantile loss over the champion's, series by series. */
export interface ChallengerEvidence {
  readonly choice: ModelChoice;
  /** Series that both forecast. */
  readonly series: number;
  /** Mean over series of the logarithm of the loss ratio: below 0 where the challenger is better. */
  readonly meanLogRatio: number;
  /** Interval of that mean, wide enough for the number of challengers that were compared. */
  readonly lowLogRatio: number;
  readonly highLogRatio: number;
  /** Share (0..1) of steps within the challenger's 0.05 and 0.95 quantiles. */
  readonly covered90: number;
}

export interface PromotionPolicy {
  readonly minSeries: number;
  /** How much smaller the loss must be, in percent of the champion's. */
  readonly minGainPercent: number;
  /** A sharper forecast that holds less often than this is no better one. */
  readonly minCovered90: number;
}

export const DEFAULT_PROMOTION: PromotionPolicy = { minSeries: 8, minGainPercent: 1, minCovered90: 0.8 };

export type PromotionVerdict =
  | { readonly kind: 'promote'; readonly choice: ModelChoice; readonly reason: string }
  | { readonly kind: 'keep'; readonly reason: string };

/** The best challenger whose gain is proven, or the champion. Pure; every verdict has its reason. */
export function decidePromotion(champion: ModelChoice, challengers: readonly ChallengerEvidence[], policy: PromotionPolicy = DEFAULT_PROMOTION): PromotionVerdict {
  if (challengers.length === 0) return { kind: 'keep', reason: `${describeChoice(champion)} stays: there is no challenger` };
  const ranked = challengers.toSorted((a, b) => a.meanLogRatio - b.meanLogRatio).map((evidence) => ({ evidence, against: objection(evidence, policy) }));
  const best = ranked.find(({ against }) => against === null);
  if (best !== undefined) {
    const { choice } = best.evidence;
    return { kind: 'promote', choice, reason: `${describeChoice(choice)} replaces ${describeChoice(champion)}: ${figures(best.evidence)}` };
  }
  const [nearest] = ranked;
  return { kind: 'keep', reason: `${describeChoice(champion)} stays: ${describeChoice(nearest?.evidence.choice ?? champion)} ${nearest?.against ?? ''}` };
}

function objection(evidence: ChallengerEvidence, { minSeries, minGainPercent, minCovered90 }: PromotionPolicy): string | null {
  if (evidence.series < minSeries) return `was compared on ${evidence.series} series; ${minSeries} are needed`;
  if (!(evidence.highLogRatio < 0)) return `is not proven to be better: ${figures(evidence)}`;
  if (!(gainPercent(evidence.meanLogRatio) > minGainPercent)) return `gains too little (more than ${minGainPercent} % are needed): ${figures(evidence)}`;
  if (!(evidence.covered90 >= minCovered90)) return `holds too seldom: its 90 % intervals cover ${(100 * evidence.covered90).toFixed(1)} % (${(100 * minCovered90).toFixed(0)} % are needed)`;
  return null;
}

function figures({ series, meanLogRatio, lowLogRatio, highLogRatio }: ChallengerEvidence): string {
  return `loss ${signed(meanLogRatio)} % (${signed(lowLogRatio)} to ${signed(highLogRatio)}) on ${series} series`;
}

function signed(logRatio: number): string {
  const percent = -gainPercent(logRatio);
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)}`;
}

function gainPercent(logRatio: number): number {
  return 100 * (1 - Math.exp(logRatio));
}
