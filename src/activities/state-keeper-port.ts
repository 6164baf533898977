import type { HandedOver, SyncLook } from '../contracts/migration-activities';

/** A move's two sides, by the migration that moves. */
export interface Sides {
  readonly owner: string;
  readonly sourceId: string;
  readonly shadowId: string;
}

/**
 * Keeps the state of a service that has one writer, and brings it from one side to the other and back. Each call does what is next, decides
 * it from what both sides tell, and may be repeated. Throws `NotReadyYet` where there is more to do, `VerificationFailed` where it cannot be done.
 */
export interface StateKeeperPort {
  /** The shadow's service stands still, and the source's state flows there. */
  begin(sides: Sides, limits: { readonly maxPauseMs: number }): Promise<void>;
  /** Looks, and changes nothing. */
  look(sides: Sides): Promise<SyncLook>;
  /** The shadow's service is the one from now on. */
  handOver(sides: Sides, limits: { readonly maxPauseMs: number }): Promise<HandedOver>;
  /** What is written at the shadow flows back to the source, until the way back is not needed any more. */
  beginBack(sides: Sides, limits: { readonly maxPauseMs: number }): Promise<void>;
  /** The source has the state, and the shadow never takes it; done at once where it always was so. */
  takeBack(sides: Sides, limits: { readonly maxPauseMs: number }): Promise<void>;
  /** Nothing flows any more; the shadow keeps the state. */
  end(sides: Sides): Promise<void>;
}
