import type { AuditEntry, AuditReceipt } from '../contracts/audit';
import type { MigrationActivities } from '../contracts/migration-activities';

/** An append-only, hash-chained log. */
export interface AuditPort {
  /** Writes once per key: a repeated write returns the first one's receipt. */
  append(entry: AuditEntry): Promise<AuditReceipt>;
}

export function createAuditActivities(audit: AuditPort): Pick<MigrationActivities, 'recordAudit' | 'recordAudits'> {
  return {
    recordAudit: (entry) => audit.append(entry),
    async recordAudits({ entries }) {
      for (const entry of entries) await audit.append(entry);
    },
  };
}
