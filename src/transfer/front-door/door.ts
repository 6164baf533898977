export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export interface FrontDoorState {
  readonly port: number;
  readonly upstream: Upstream;
  readonly isHolding: boolean;
  readonly inFlight: number;
  readonly held: number;
}

/** Stands before a service and keeps its requests waiting while its state is carried over. */
export interface Door {
  /** As it was told last; null where nothing is known yet. */
  readonly state: FrontDoorState | null;
  /** New requests wait from now on. Resolves when none is under way any more; where that takes longer than `limitMs` they go on as before, and it throws. */
  hold(limitMs: number): Promise<void>;
  /** Takes as long as holding would now, and holds nothing: resolves when what is under way has ended, after `limitMs` at the latest. */
  settle(limitMs: number): Promise<void>;
  /** What waits and what comes goes there. Safe to repeat; where it throws, it is not known whether it does. */
  passTo(upstream: Upstream): Promise<void>;
  close(): Promise<void>;
}

/** Of requests in a pause: more, or longer, are told to come again. */
export const HELD_LIMITS = { mostHeld: 10_000, holdAtMostMs: 10_000 } as const;
