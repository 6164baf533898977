/** A run of a workflow as Temporal has it. */
export interface KnownRun {
  readonly workflowId: string;
  readonly runId: string;
  /** `Running`, `Completed`, `Failed`, `Terminated` and so on. */
  readonly status: string;
}

/** A run as the audit has it. */
export interface AuditedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly records: number;
  /** It tells how the run ended: an outcome, or a refusal as its last word. */
  readonly hasEnd: boolean;
  readonly lastAtMs: number;
}

export interface Mismatch {
  readonly workflowId: string;
  readonly runId: string;
  readonly problem: string;
}

/**
 * What is missing on either side: runs that Temporal knows and the audit does not, runs whose end the audit does not tell, and runs of the
 * audit that Temporal does not know although it should still keep them.
 *
 * @param keptFromMs what ended before it Temporal may have forgotten by its retention
 */
export function reconcileAudit(known: readonly KnownRun[], audited: readonly AuditedRun[], keptFromMs: number): Mismatch[] {
  const keyOf = ({ workflowId, runId }: { readonly workflowId: string; readonly runId: string }): string => `${workflowId} ${runId}`;
  const inAudit = new Map(audited.map((run) => [keyOf(run), run]));
  const inTemporal = new Set(known.map(keyOf));
  const ofTemporal = known.flatMap(({ workflowId, runId, status }): Mismatch[] => {
    const run = inAudit.get(keyOf({ workflowId, runId }));
    if (run === undefined) return [{ workflowId, runId, problem: `${status} in Temporal, and the audit has no record of it` }];
    return status === 'Running' || run.hasEnd ? [] : [{ workflowId, runId, problem: `${status} in Temporal, and the audit does not tell how it ended` }];
  });
  const ofAudit = audited
    .filter((run) => run.lastAtMs >= keptFromMs && !inTemporal.has(keyOf(run)))
    .map(({ workflowId, runId, records }) => ({ workflowId, runId, problem: `${records} records in the audit, and Temporal does not know the run` }));
  return [...ofTemporal, ...ofAudit];
}
