import type { SideLook } from '../../domain/transfer/side-look';
import type { FrontDoorState } from '../front-door/door';

/** What an agent tells of itself; every number that is not known yet is null. */
export interface TransferStatus extends SideLook {
  readonly entries: number;
  /** Of the round that runs, else of the last one. */
  readonly readBytes: number;
  readonly wireBytes: number;
  readonly dirtyBytesPerSecond: number | null;
  readonly throughputBytesPerSecond: number | null;
  readonly predictedRounds: number | null;
  /** What is not transferred, as far as it is listed, and how much there is of it. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly skippedCount: number;
  readonly door: FrontDoorState | null;
}

/** What a replication may be told when it is begun. */
export interface ReplicationRequest {
  /** The migration that asks: its request may be repeated. */
  readonly owner?: string;
  /** Of the peer's certificate, where the sides believe each other by fingerprint. */
  readonly peerFingerprint?: string;
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
