import type { DemandQuantile } from './load-quantile';

/** What is forecast of one member. All amounts are in one unit for all members: requests a second, or what one's own unit of work is. */
export interface MemberOutlook {
  readonly memberId: string;
  /** What it can do within its objective: the least of the horizon. */
  readonly capacity: number;
  /** The peak over the horizon of what routed requests bring it while they are routed as without Foreshift. */
  readonly load: readonly DemandQuantile[];
  /** What it does besides, which no routing takes from it; default: 0. */
  readonly otherLoad?: number;
  /** It is about to go: nothing new to it. */
  readonly leaving?: boolean;
}

/** The coming minutes of a service. */
export interface RoutingOutlook {
  readonly atMs: number;
  readonly horizonMs: number;
  readonly members: readonly MemberOutlook[];
  /** What part of the routed load each class is, 0..1, together 1. */
  readonly classShares: Readonly<Record<string, number>>;
}
