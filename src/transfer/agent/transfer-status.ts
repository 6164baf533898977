import type { FrontDoorState } from '../front-door/front-door';

/** How far an agent's replication is. `unsure`: the peer did not answer whether it took the state over; nothing is resumed by itself then. */
export type TransferPhase = 'idle' | 'copying' | 'ready' | 'quiesced' | 'released' | 'stopped' | 'failed' | 'unsure';

/** What an agent tells of itself; every number that is not known yet is null. */
export interface TransferStatus {
  /** Whether this side's state is the live one, is being written by the peer, or neither yet. */
  readonly role: 'live' | 'standby' | 'undecided';
  readonly phase: TransferPhase;
  readonly why: string;
  readonly rounds: number;
  readonly entries: number;
  /** Of the round that runs, else of the last one. */
  readonly readBytes: number;
  readonly wireBytes: number;
  /** Bytes that the peer lacks, by the rate at which they change. */
  readonly lagBytes: number | null;
  readonly dirtyBytesPerSecond: number | null;
  readonly throughputBytesPerSecond: number | null;
  readonly predictedRounds: number | null;
  readonly predictedPauseMs: number | null;
  /** From before the quiesce hook until the peer had taken over. */
  readonly pauseMs: number | null;
  /** What was predicted for it when it began. */
  readonly pausePredictedMs: number | null;
  /** Digest that both sides agreed on last. */
  readonly root: string | null;
  /** What is not transferred, as far as it is listed, and how much there is of it. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly skippedCount: number;
  /** The door before the service; null where there is none. */
  readonly door: FrontDoorState | null;
}

/** What a replication may be told when it is begun. */
export interface ReplicationRequest {
  readonly host: string;
  readonly port: number;
  readonly maxPauseMs?: number;
  readonly maxRounds?: number;
  /** What the quiesce hook, the release and the other side's take-over take together; part of the predicted pause. Without it, it is estimated. */
  readonly handoverMs?: number;
  /** Cuts over as soon as it may; without it, it waits to be told and keeps the peer up to date. */
  readonly auto?: boolean;
  /** Time between rounds while it waits. */
  readonly everyMs?: number;
  readonly bytesPerSecond?: number;
  /** Where the peer's service answers, its door where it has one: what waits here when it has taken over, and what still comes, is passed on to it. */
  readonly service?: { readonly host: string; readonly port: number };
}
