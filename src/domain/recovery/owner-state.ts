/** What Temporal says of a run: it goes on (or another run of its workflow does), it ended, or Temporal does not know it. */
export type RunSight =
  | { readonly kind: 'open' }
  /** `lastRunId`: the run in which it ended, another one where it was continued as new. */
  | { readonly kind: 'closed'; readonly status: string; readonly atMs: number; readonly lastRunId: string }
  | { readonly kind: 'unknown' };

/** What the audit says of a run; null where it has no record of it. */
export type RunRecord = {
  /** How it ended, as the workflow itself wrote; null where it did not come to that. */
  readonly outcome: string | null;
  readonly lastAtMs: number;
  /** A state was on its way to the shadow, or had gone over, and nobody wrote that the source has it for certain. */
  readonly isStateUnderWay: boolean;
} | null;

/** What becomes of a resource depends on this of its owner. */
export type OwnerState =
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly how: string; readonly atMs: number; readonly asksOperator: boolean; readonly isStateUnderWay: boolean }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Whether a resource's owner has ended for certain. What Temporal does not know may have been forgotten by its retention, or be the run of another namespace or installation:
 * only an audit that tells how it ended, or an operator, says which.
 *
 * @param isConfirmedGone an operator said so
 */
export function ownerStateOf(run: RunSight, record: RunRecord, isConfirmedGone: boolean): OwnerState {
  if (run.kind === 'open') return { kind: 'running' };
  const common = { asksOperator: record?.outcome === 'NeedsOperator', isStateUnderWay: record?.isStateUnderWay ?? false };
  if (run.kind === 'closed') return { kind: 'ended', how: record?.outcome ?? run.status.toLowerCase(), atMs: run.atMs, ...common };
  if (record === null) {
    if (isConfirmedGone) return { kind: 'ended', how: 'gone, as an operator said', atMs: 0, ...common };
    return { kind: 'unknown', why: 'neither Temporal nor the audit knows the run: it may be of another namespace or another installation' };
  }
  if (record.outcome !== null) return { kind: 'ended', how: record.outcome, atMs: record.lastAtMs, ...common };
  if (isConfirmedGone) return { kind: 'ended', how: 'gone, as an operator said', atMs: record.lastAtMs, ...common };
  return { kind: 'unknown', why: 'Temporal does not know the run any more and the audit does not tell how it ended' };
}
