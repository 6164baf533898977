import { allRecords, newestRecords } from '../../../adapters/postgres/audit-query';
import type { Database } from '../../../adapters/postgres/database';
import { verifySignedAudit } from '../../../adapters/postgres/verify-signed-audit';
import { readSignatureCheck } from '../../../adapters/signing-key';
import type { AuditPorts } from './console-ports';

/** The audit, by the database. `auditKey`: file of the key that signs checkpoints, or of its public half; null: signatures are not checked. */
export function openAudit(db: Database, auditKey: string | null): AuditPorts {
  return {
    searchAudit: ({ limit, ...filter }) => newestRecords(db, filter, limit),
    exportAudit: (filter) => allRecords(db, filter),
    async verifyAudit() {
      const check = auditKey === null ? null : readSignatureCheck(auditKey);
      const { verdict, checked } = await verifySignedAudit(db, check);
      const problems = [...verdict.problems, ...checked.problems];
      return { ...verdict, problems, intact: problems.length === 0, signed: check === null ? null : checked.good.length, signedToSeq: Math.max(0, ...checked.good.map(({ seq }) => seq)) };
    },
  };
}
