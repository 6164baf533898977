import { isResizeSummary, type SeenInstance } from '../contracts/adjust-shape';
import type { AuditEntry } from '../contracts/audit';

/** The instance before a change whose run has no outcome, though another one may have been refused since: of decisions and outcomes of one workflow id, in their order. */
export function unfinishedResizeOf(entries: readonly AuditEntry[]): SeenInstance | null {
  const newest = entries.findLast(({ kind, summary }) => kind === 'outcome' || isResizeSummary(summary));
  return newest === undefined || newest.kind === 'outcome' ? null : (newest.detail as SeenInstance);
}
