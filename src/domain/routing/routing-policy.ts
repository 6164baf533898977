export interface RoutingPolicy {
  /** The quantile of the load that is believed. */
  readonly riskLevel: number;
  /** Load by capacity at which a member counts as about to be overloaded, and below which it does so no longer. */
  readonly overloadRatio: number;
  readonly calmRatio: number;
  /** Members are filled up to so much of their capacity. */
  readonly targetRatio: number;
  /** Low priority that is on hot members leaves them again when the others have so many times the room that it needs. */
  readonly leaveHotRatio: number;
  /** Every class keeps so many members, where it has them. */
  readonly minimumMembers: number;
  /** Of a class, so much may be turned away. */
  readonly mostShedRatio: number;
  /** Of the largest weight (100): smaller changes are not made. */
  readonly leastWeightChange: number;
  readonly leastShedChange: number;
  /** A recommendation ends after so long unless it is renewed. */
  readonly lifeMs: number;
}

export const DEFAULT_ROUTING_POLICY: RoutingPolicy = {
  riskLevel: 0.9,
  overloadRatio: 0.85,
  calmRatio: 0.7,
  targetRatio: 0.75,
  leaveHotRatio: 1.15,
  minimumMembers: 2,
  mostShedRatio: 0.9,
  leastWeightChange: 10,
  leastShedChange: 0.05,
  lifeMs: 300_000,
};
