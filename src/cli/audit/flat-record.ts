import type { AuditRecord } from '../../contracts/audit';

/** A record's columns in tables: CSV and Parquet. `detail` is JSON. */
export const FLAT_COLUMNS = ['seq', 'at', 'kind', 'actor', 'workflowId', 'runId', 'instanceId', 'service', 'summary', 'reason', 'detail', 'key', 'previousHash', 'hash'] as const;

/** Every field as a text but the number; null where there is none. */
export function flatRecord({ atMs, detail, service = null, ...record }: AuditRecord): Record<(typeof FLAT_COLUMNS)[number], string | number | null> {
  return { ...record, at: new Date(atMs).toISOString(), service, detail: detail === null ? null : JSON.stringify(detail) };
}
