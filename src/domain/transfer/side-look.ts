/** How far an agent's replication is. `unsure`: the peer did not answer whether it took the state over; nothing is resumed by itself then. */
export type TransferPhase = 'idle' | 'copying' | 'ready' | 'quiesced' | 'released' | 'stopped' | 'failed' | 'unsure';

/** What one side of a move tells of itself; every number that is not known yet is null. */
export interface SideLook {
  readonly instanceId: string;
  /** Of this side's certificate: what the peer is told to believe. */
  readonly fingerprint: string;
  /** Where the peer reaches this side. */
  readonly port: number;
  /** The migration that this side takes part in; null where somebody moves by hand. */
  readonly owner: string | null;
  /** Whether this side's state is the live one, is being written by the peer, never will be (`left`), or neither yet. */
  readonly role: 'live' | 'standby' | 'left' | 'undecided';
  /** The peer was told to take over, and it is not known yet whether it has. */
  readonly isHandingOver: boolean;
  readonly phase: TransferPhase;
  readonly why: string;
  readonly rounds: number;
  /** Bytes that the peer lacks, by the rate at which they change. */
  readonly lagBytes: number | null;
  readonly predictedPauseMs: number | null;
  /** From before the quiesce hook until the peer had taken over. */
  readonly pauseMs: number | null;
  /** What was predicted for it when it began. */
  readonly pausePredictedMs: number | null;
  /** Digest that both sides agreed on last. */
  readonly root: string | null;
  /** Whether a door stands before the service. */
  readonly hasDoor: boolean;
  /** The door before the service; null where there is none, and while it does not answer. */
  readonly door: { readonly port: number } | null;
}
