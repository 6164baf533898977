import type { TrafficRoute, WeightedTarget } from './source-snapshot';

/** ELBv2 accepts weights of 0..999 per target group. */
const HIGHEST_WEIGHT = 999;

export interface TrafficSplit {
  readonly poolArn: string;
  readonly sourceArn: string;
  readonly shadowArn: string;
  /** Healthy targets that stay in the pool's own target group. */
  readonly poolTargets: number;
  /** Part of the source's own traffic that the shadow takes, 0..100. */
  readonly shadowPercent: number;
}

/**
 * Splits the weight that a route gives the pool's target group between the pool's other targets, the source and the
 * shadow, so that every target keeps the share it had and only the source's share moves. Groups of others on the route
 * keep their proportion. Weights are whole numbers; the finest scale within ELBv2's limit is used.
 */
export function splitRouteWeights(route: TrafficRoute, split: TrafficSplit): WeightedTarget[] {
  const targets = split.poolTargets + 1;
  const shareOf = (percent: number, weight: number) => (weight * percent) / 100 / targets;
  const exact = route.forward.flatMap((target) =>
    target.targetGroupArn === split.poolArn
      ? [
          { targetGroupArn: split.poolArn, weight: (target.weight * split.poolTargets) / targets },
          { targetGroupArn: split.sourceArn, weight: shareOf(100 - split.shadowPercent, target.weight) },
          { targetGroupArn: split.shadowArn, weight: shareOf(split.shadowPercent, target.weight) },
        ]
      : [target],
  );
  const highest = Math.max(...exact.map((target) => target.weight));
  if (highest === 0) return exact;
  const scale = HIGHEST_WEIGHT / highest;
  return exact.map(({ targetGroupArn, weight }) => ({ targetGroupArn, weight: atLeastOne(weight * scale) }));
}

/** A share that is asked for must not vanish by rounding, or a first step of 1 % would move nothing. */
function atLeastOne(weight: number): number {
  return weight > 0 ? Math.max(1, Math.round(weight)) : 0;
}

/** True where a route's weights read back are the intended ones, whatever their order. */
export function sameWeights(a: readonly WeightedTarget[], b: readonly WeightedTarget[]): boolean {
  const key = (targets: readonly WeightedTarget[]) =>
    targets
      .map((target) => `${target.targetGroupArn}=${target.weight}`)
      .toSorted()
      .join(' ');
  return key(a) === key(b);
}
