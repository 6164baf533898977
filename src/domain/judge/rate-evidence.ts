/** The shadow's rate may be `ratio` times the source's plus `margin` (0..1). */
export interface RateBound {
  readonly ratio: number;
  readonly margin: number;
}

/** So many of so many. */
export interface Tally {
  readonly count: number;
  readonly of: number;
}

/** Rates of both sides (0..1), as they are supposed to be where the hypothesis is false. */
export interface SupposedRates {
  readonly source: number;
  readonly shadow: number;
}

const LOWEST_RATE = 1e-9;
const HALVINGS = 48;

/** The highest rate (0..1) that the shadow may have beside such a source. */
export function boundedRate(bound: RateBound, sourceRate: number): number {
  return clampRate(bound.ratio * sourceRate + bound.margin);
}

/**
 * Log likelihood ratio of one interval: the supposed rates against those rates on the bound's line that come nearest to
 * them (the reverse information projection). Whatever the true rates on the hypothesis's side of the line are, also when
 * they change from interval to interval, the ratio's expectation is at most 1: rates on that side form a convex set, and the
 * logarithm of the expectation is concave and has its maximum at the projection. The product over intervals may therefore
 * be looked at after every one of them (Turner, Ly, Grünwald 2024, "Generic E-variables for exact sequential k-sample tests
 * that allow for optional stopping"). The hypothesis is the side of the line on which the supposed rates do not lie.
 */
export function logEvidence(bound: RateBound, tallies: { readonly source: Tally; readonly shadow: Tally }, supposed: SupposedRates): number {
  const nearest = project(bound, tallies, supposed);
  return logRatio(tallies.source, supposed.source, nearest.source) + logRatio(tallies.shadow, supposed.shadow, nearest.shadow);
}

/** What `logEvidence` grows by, on average, with each request of the shadow where the supposed rates are the true ones. */
export function evidencePerRequest(bound: RateBound, sourcePerShadow: number, supposed: SupposedRates): number {
  const expected = { source: { count: supposed.source * sourcePerShadow, of: sourcePerShadow }, shadow: { count: supposed.shadow, of: 1 } };
  return logEvidence(bound, expected, supposed);
}

/** The rate with so many times the odds. */
export function withOdds(rate: number, times: number): number {
  const odds = (rate / (1 - rate)) * times;
  return odds / (1 + odds);
}

/** Minimizes the divergence along the line; its derivative rises, so that halving finds where it is 0. */
function project(bound: RateBound, tallies: { readonly source: Tally; readonly shadow: Tally }, supposed: SupposedRates): SupposedRates {
  if (bound.ratio === 0 || tallies.source.of === 0) {
    return bound.ratio === 0 ? { source: supposed.source, shadow: clampRate(bound.margin) } : onLine(bound, (supposed.shadow - bound.margin) / bound.ratio);
  }
  const shadowOnly = (supposed.shadow - bound.margin) / bound.ratio;
  let low = Math.min(supposed.source, shadowOnly);
  let high = Math.max(supposed.source, shadowOnly);
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    const { source, shadow } = onLine(bound, middle);
    const slope = tallies.source.of * pull(source, supposed.source) + tallies.shadow.of * bound.ratio * pull(shadow, supposed.shadow);
    if (slope < 0) low = middle;
    else high = middle;
  }
  return onLine(bound, (low + high) / 2);
}

function onLine(bound: RateBound, source: number): SupposedRates {
  const rate = clampRate(source);
  return { source: rate, shadow: boundedRate(bound, rate) };
}

function pull(rate: number, supposed: number): number {
  return (rate - supposed) / (rate * (1 - rate));
}

function logRatio({ count, of }: Tally, supposed: number, nearest: number): number {
  return count * Math.log(supposed / nearest) + (of - count) * Math.log((1 - supposed) / (1 - nearest));
}

function clampRate(rate: number): number {
  return Math.min(1 - LOWEST_RATE, Math.max(LOWEST_RATE, rate));
}
