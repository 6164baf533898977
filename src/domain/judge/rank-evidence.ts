/** Counts of answers by how slow they were: below the first threshold, between the first and the second, ... above the last. */
export type RankCounts = readonly number[];

/** Probabilities of the same classes. */
export type RankProbabilities = readonly number[];

/**
 * Log likelihood ratio of one interval for "the shadow's answers are slower", against every pair of distributions in which
 * they are not (the source's stochastically dominates the shadow's). `shadow` must be a `tilted` `source`, so that its ratio
 * to it rises from class to class: then the mixture of both by their counts is the nearest pair on the other side (E of an
 * increasing function is no greater under the dominated distribution, which is the projection's optimality condition), and
 * what holds for `logEvidence` of rates holds here. More powerful than asking for one threshold: it uses the whole order,
 * as the Mann-Whitney test does.
 */
export function logRankEvidence(counts: { readonly source: RankCounts; readonly shadow: RankCounts }, supposed: { readonly source: RankProbabilities; readonly shadow: RankProbabilities }): number {
  const answers = total(counts.source) + total(counts.shadow);
  if (answers === 0) return 0;
  const sourceShare = total(counts.source) / answers;
  return supposed.source.reduce((log, p, i) => {
    const q = supposed.shadow[i] ?? 0;
    const both = sourceShare * p + (1 - sourceShare) * q;
    return log + (counts.source[i] ?? 0) * Math.log(p / both) + (counts.shadow[i] ?? 0) * Math.log(q / both);
  }, 0);
}

/** The same where only the shadow answers, against every distribution that `allowed` dominates. */
export function logRankEvidenceAlone(shadow: RankCounts, allowed: RankProbabilities, supposed: RankProbabilities): number {
  return shadow.reduce((log, count, i) => log + count * Math.log((supposed[i] ?? 1) / (allowed[i] ?? 1)), 0);
}

/**
 * The distribution moved towards the slow classes: by `shift` standard deviations, were the logarithms of the times normal
 * and the classes fine (exponential tilting by van der Waerden scores).
 */
export function tilted(probabilities: RankProbabilities, scores: readonly number[], shift: number): RankProbabilities {
  const weights = probabilities.map((p, i) => p * Math.exp(shift * (scores[i] ?? 0)));
  const sum = total(weights);
  return weights.map((weight) => weight / sum);
}

/** Difference of the mean scores of both sides in standard errors; null where a side has too few answers or all are alike. */
export function standardizedScoreDifference(source: RankCounts, shadow: RankCounts, scores: readonly number[], fewest: number): number | null {
  const n = total(source);
  const m = total(shadow);
  if (n < fewest || m < fewest) return null;
  const meanOf = (counts: RankCounts, of: number): number => counts.reduce((sum, count, i) => sum + count * (scores[i] ?? 0), 0) / of;
  const pooled = source.map((count, i) => count + (shadow[i] ?? 0));
  const mean = meanOf(pooled, n + m);
  const variance = pooled.reduce((sum, count, i) => sum + count * ((scores[i] ?? 0) - mean) ** 2, 0) / (n + m);
  return variance === 0 ? null : (meanOf(shadow, m) - meanOf(source, n)) / Math.sqrt(variance * (1 / n + 1 / m));
}

export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
