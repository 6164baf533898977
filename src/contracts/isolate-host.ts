import type { Isolation, IsolationSource, PlaceKind } from '../domain/isolation';

export const ISOLATE_HOST = 'isolateHost';

/** Names of its messages. */
export const ISOLATE_MESSAGES = { lift: 'lift', status: 'status' } as const;

/** Input of `isolateHost`: exactly one of `hostId`, `zone` and `pool`, and a reason. Times as ISO 8601 with a zone: "2026-11-26T10:00:00Z". */
export interface IsolateHostInput {
  readonly hostId?: string;
  readonly zone?: string;
  /** Value of the tag `foreshift:pool`. */
  readonly pool?: string;
  readonly reason: string;
  /** When the isolation ends by itself; default: when it is lifted. */
  readonly until?: string;
  /** When the place goes away, as a scheduled event says: the moves' deadline. */
  readonly deadline?: string;
  /** Moves its instances away through their fleets' queues; default: true. */
  readonly drain?: boolean;
  readonly source?: IsolationSource;
  /** How often it is looked for what is still there; default: a minute. */
  readonly lookEveryMs?: number;
}

export interface LiftArgs {
  readonly reason?: string;
  readonly by?: string;
}

/** Answer of the `status` query, and how it ended. */
export interface IsolationStatus {
  readonly place: string;
  readonly kind: PlaceKind;
  readonly phase: 'draining' | 'isolated' | 'lifted' | 'expired';
  readonly untilMs: number | null;
  /** What is still there, and what of it has no fleet and so no queue: that stays. */
  readonly members: number;
  readonly unmanaged: readonly string[];
  readonly queued: number;
  /** Requests that their queue refused, with its reasons. */
  readonly refused: readonly string[];
}

export interface DrainArgs {
  readonly kind: PlaceKind;
  readonly place: string;
  readonly reason: string;
  readonly source: IsolationSource;
  readonly decisionId: string;
  readonly deadlineAtMs: number | null;
  /** Tells this look's requests from those of earlier ones, of which some may have ended. */
  readonly round: number;
}

export interface DrainOutcome {
  readonly members: number;
  readonly unmanaged: readonly string[];
  readonly answers: { readonly queued: number; readonly waiting: number; readonly refused: readonly string[] };
  readonly fleets: readonly string[];
}

export interface IsolationActivities {
  isolatePlace(isolation: Isolation): Promise<void>;
  /** Nothing where it is not isolated. */
  liftIsolation(args: { place: string }): Promise<void>;
  /** Asks the queues of the place's instances to move them away; what they have taken in already is not asked for again. */
  drainPlace(args: DrainArgs): Promise<DrainOutcome>;
}
