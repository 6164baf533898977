import type { CatalogueShape } from './catalogue-shape';
import { needsOf } from './instance-needs';
import { refuseShape } from './refuse-shape';
import { burstLimits, busiestResource, RESOURCE_NAMES, sustainedLimits, type Resource } from './shape-demand';
import { tallyRefusals, type ShapeRefusal } from './shape-refusals';
import { checkShapeRequest, type ShapeRequest } from './shape-request';

/** A shape and how many of it. */
export interface ShapeOption {
  readonly shape: CatalogueShape;
  readonly count: number;
  /** Of all of them. */
  readonly usdPerHour: number;
  /** Over the request's duration. */
  readonly usdTotal: number;
  /** 0..1: the speed that the busiest resource leaves, see `speedAt`. */
  readonly performance: number;
  readonly score: number;
  readonly why: string;
}

export interface ShapeSelection {
  /** Null where nothing fits: `refused` tells why. */
  readonly chosen: ShapeOption | null;
  /** The best count of each shape, the best shape first; at most 20. */
  readonly ranking: readonly ShapeOption[];
  readonly refused: readonly ShapeRefusal[];
}

const RANKED_AT_MOST = 20;
const HOUR_MS = 3_600_000;
/** Scores nearer than this are equal: they differ by rounding alone. */
const SCORE_STEP = 1e-9;

/** One shape that may be taken: how busy a single instance would be, and the counts that hold the demand. */
interface Candidate {
  readonly shape: CatalogueShape;
  readonly peak: { readonly resource: Resource; readonly ratio: number };
  readonly average: { readonly resource: Resource; readonly ratio: number };
  readonly least: number;
  readonly most: number;
}

/**
 * Chooses shape and count for a demand, which is divided evenly over the instances. The score is `performance * tradeoff + (1 - tradeoff) * cheapest price / price`: both
 * terms lie in 0..1. Of equal scores the lower price wins, then fewer instances, then the current generation, then the name.
 *
 * For one shape the score over the count n is `a + b / n`: so the best count is the least or the greatest that is allowed, and no other is looked at.
 *
 * @throws RangeError naming every field of the request that is wrong
 */
export function selectShape(request: ShapeRequest, catalogue: readonly CatalogueShape[]): ShapeSelection {
  const problems = checkShapeRequest(request);
  if (problems.length > 0) throw new RangeError(`shape request: ${problems.join('; ')}`);
  const { compatibleWith, needs: known } = request.constraints;
  const needs = compatibleWith === undefined ? null : { ...needsOf(compatibleWith), ...known };
  const refused: { name: string; reason: string }[] = [];
  const candidates: Candidate[] = [];
  for (const shape of catalogue) {
    const found = refuseShape(shape, request.constraints, needs) ?? sizeCandidate(shape, request);
    if (typeof found === 'string') refused.push({ name: shape.name, reason: found });
    else candidates.push(found);
  }
  const cheapestUsd = Math.min(...candidates.map(({ shape, least }) => shape.usdPerHour * least));
  const options = candidates.map((candidate) => bestCount(candidate, request, cheapestUsd)).toSorted(betterFirst);
  return { chosen: options[0] ?? null, ranking: options.slice(0, RANKED_AT_MOST), refused: tallyRefusals(refused) };
}

/** The speed (0..1) at which a request is answered on a resource in use to a ratio: against an idle one, as in a queue with one server (M/M/1, Kleinrock 1975). */
export function speedAt(utilizationRatio: number): number {
  return Math.max(0, 1 - utilizationRatio);
}

/** The order of options: what `selectShape` chooses comes first. */
export function betterFirst(a: ShapeOption, b: ShapeOption): number {
  return (
    Math.round(b.score / SCORE_STEP) - Math.round(a.score / SCORE_STEP) ||
    a.usdPerHour - b.usdPerHour ||
    a.count - b.count ||
    Number(b.shape.currentGeneration) - Number(a.shape.currentGeneration) ||
    (a.shape.name < b.shape.name ? -1 : 1)
  );
}

function sizeCandidate(shape: CatalogueShape, { demand, minimumCount, maximumCount, targetUtilizationRatio, constraints }: ShapeRequest): Candidate | string {
  const peak = busiestResource(demand.peak, burstLimits(shape));
  const average = busiestResource(demand.average, sustainedLimits(shape));
  const least = leastCount(Math.max(peak.ratio, average.ratio), targetUtilizationRatio, minimumCount);
  if (least > maximumCount) {
    const [{ resource }, when] = peak.ratio >= average.ratio ? [peak, 'at the peak'] : [average, 'on average'];
    return `too small: ${maximumCount} of it lack ${RESOURCE_NAMES[resource]} ${when}`;
  }
  const most = affordable(shape.usdPerHour, maximumCount, constraints.maximumUsdPerHour);
  if (least > most) return `above ${constraints.maximumUsdPerHour} USD an hour`;
  return { shape, peak, average, least, most };
}

/** How many keep the utilization of one within the target; no more than rounding above an exact fit. */
function leastCount(ratioOfOne: number, targetRatio: number, minimumCount: number): number {
  return Math.max(minimumCount, Math.ceil(ratioOfOne / targetRatio - 1e-9));
}

function affordable(usdPerHour: number, maximumCount: number, maximumUsdPerHour = Infinity): number {
  return usdPerHour === 0 ? maximumCount : Math.min(maximumCount, Math.floor(maximumUsdPerHour / usdPerHour + 1e-9));
}

function bestCount(candidate: Candidate, request: ShapeRequest, cheapestUsd: number): ShapeOption {
  const [fewest, most] = [candidate.least, candidate.most].map((count) => optionOf(candidate, count, request, cheapestUsd)) as [ShapeOption, ShapeOption];
  return betterFirst(fewest, most) <= 0 ? fewest : most;
}

function optionOf({ shape, peak, average }: Candidate, count: number, { tradeoff, durationMs }: ShapeRequest, cheapestUsd: number): ShapeOption {
  const usdPerHour = shape.usdPerHour * count;
  const performance = (speedAt(peak.ratio / count) + speedAt(average.ratio / count)) / 2;
  const cost = usdPerHour === 0 ? 1 : cheapestUsd / usdPerHour;
  const percent = (ratio: number): string => `${Math.round((ratio / count) * 100)} %`;
  return {
    shape,
    count,
    usdPerHour,
    usdTotal: (usdPerHour * durationMs) / HOUR_MS,
    performance,
    score: performance * tradeoff + (1 - tradeoff) * cost,
    why:
      `${count} x ${shape.name}: ${RESOURCE_NAMES[peak.resource]} at ${percent(peak.ratio)} at the peak, ${RESOURCE_NAMES[average.resource]} at ${percent(average.ratio)} on average; ` +
      `${usdPerHour.toFixed(4)} USD an hour, ${usdPerHour === cheapestUsd ? 'the cheapest that fits' : `${(usdPerHour / cheapestUsd).toFixed(2)} times the cheapest that fits`}`,
  };
}
