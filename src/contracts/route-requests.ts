import type { RoutedService } from '../domain/routing/routed-service';
import type { RoutingOutlook } from '../domain/routing/routing-outlook';
import type { Routing, RoutingDecision, RoutingRecommendation } from '../domain/routing/routing-recommendation';
import type { Owner } from './migration-activities';

export const ROUTE_REQUESTS = 'routeRequests';

/** Names of the messages, for clients that do not share the workflow's code. */
export const ROUTE_MESSAGES = { recommend: 'recommend', withdraw: 'withdraw', follow: 'follow', status: 'status' } as const;

/** Forecasts the members' CPU again and again, and routes by that. */
export interface RoutingWatch {
  /** What part of the load each class is, 0..1, together 1. */
  readonly classShares: Readonly<Record<string, number>>;
  /** Default: 2 minutes; at most half of what a recommendation lives without being renewed. */
  readonly everyMs?: number;
  /** How far it is looked ahead; default: 30 minutes, at most an hour. */
  readonly horizonMs?: number;
}

/** Input of `routeRequests`: what is routed, and how. What is to be done comes by the signal `recommend`, or with `watch` from its own forecasts. */
export interface RouteRequestsInput extends RoutedService {
  /** With it the routing does not end with a recommendation, but goes on until it is withdrawn. */
  readonly watch?: RoutingWatch;
  /** How often the balancer is asked whether it still serves what was set; default: 30 s. */
  readonly verifyEveryMs?: number;
  /** Served weights settle for so long before what they led to is taken away (ELBv2); default: 60 s. */
  readonly settleMs?: number;
}

/** What the signal `recommend` brings: what is forecast. The same decision that a dry run shows is then taken of it. */
export interface RecommendArgs {
  readonly outlook: RoutingOutlook;
  readonly reason?: string;
  readonly by?: string;
}

export interface WithdrawArgs {
  readonly reason?: string;
  readonly by?: string;
}

/** What the signal `follow` brings: a member is at another place now, and its sessions are to go there. It stays so after the recommendation's end. */
export interface FollowArgs {
  readonly memberId: string;
  readonly host: string;
  readonly port: number;
}

export interface LeavingMember {
  readonly memberId: string;
  /** Null where the balancer does not count them; 0: it may go. */
  readonly inFlight: number | null;
}

/** Answer of the `status` query. */
export interface RoutingStatus {
  readonly service: string;
  readonly phase: 'waiting' | 'routed' | 'over';
  /** What is in effect; null: requests go as without Foreshift. */
  readonly recommendation: RoutingRecommendation | null;
  readonly verifiedAtMs: number | null;
  /** How often the balancer served something else than was set, and what that was the last time. */
  readonly deviations: { readonly times: number; readonly last: readonly string[] };
  readonly leaving: readonly LeavingMember[];
  /** Signals that could not be meant, the newest last, at most 5. */
  readonly refused: readonly string[];
  /** How it ended; null while it goes on. */
  readonly ended: RouteRequestsResult | null;
}

export interface RouteRequestsResult {
  readonly outcome: 'Expired' | 'Withdrawn' | 'Released' | 'RolledBack' | 'NeedsOperator';
  readonly reasons: readonly string[];
  /** What is left, where an operator is needed. */
  readonly left: readonly string[];
}

interface RoutingArgs {
  readonly owner: Owner;
  readonly service: RoutedService;
}

export interface RoutingActivities {
  /** What is forecast of the members' CPU, in percent. `before`: the forecast that a routing in effect began with. @throws NotFound where a member cannot be forecast */
  forecastMembers(args: { service: RoutedService; classShares: Readonly<Record<string, number>>; horizonMs: number; before: RoutingOutlook | null }): Promise<RoutingOutlook>;
  decideRouting(args: { service: RoutedService; outlook: RoutingOutlook; current: RoutingRecommendation | null }): Promise<RoutingDecision>;
  /** Sets it and reads it back. @throws StaleDecision after its end, NotReadyYet while it is not served as wanted */
  steerRequests(args: RoutingArgs & { routing: Routing }): Promise<void>;
  /** What is served otherwise, and what members that are about to go still have in flight. */
  verifyRouting(args: RoutingArgs & { routing: Routing; leaving: readonly string[] }): Promise<{ readonly deviations: readonly string[]; readonly leaving: readonly LeavingMember[] }>;
  /** Requests go as without Foreshift, as the balancer tells it. True for "never steered". */
  releaseRequests(args: RoutingArgs): Promise<void>;
  /** Nothing that was made for it is left. */
  clearRouting(args: RoutingArgs): Promise<void>;
  followMember(args: { service: RoutedService } & FollowArgs): Promise<void>;
}
