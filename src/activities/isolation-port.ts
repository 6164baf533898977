import type { Isolation } from '../domain/isolation';

/** Where isolations are kept, so that planners and queues can read them. */
export interface IsolationStore {
  /** Writes it, or changes the one of the same place. */
  put(isolation: Isolation): Promise<void>;
  /** Those that hold at this time, by place. */
  active(nowMs: number): Promise<readonly Isolation[]>;
  /** Ends a place's isolation; nothing where there is none. */
  lift(place: string): Promise<void>;
}
