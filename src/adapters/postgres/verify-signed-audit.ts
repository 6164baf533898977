import type { ChainVerdict } from '../../domain/audit-chain';
import { type AuditCheckpoint, type CheckedCheckpoints, checkCheckpoints } from '../../domain/audit-checkpoint';
import type { SignatureCheck } from '../signing-key';
import { storedCheckpoints } from './audit-checkpoints';
import type { Database } from './database';
import { verifyAudit } from './verify-audit';

/** Checkpoints held against the key that is known; without one, nothing is known of any. */
export function checkSigned(checkpoints: readonly AuditCheckpoint[], check: SignatureCheck | null): CheckedCheckpoints {
  return check === null ? { good: [], problems: [], unknown: checkpoints.length } : checkCheckpoints(checkpoints, check);
}

/** Re-computes the chain in the database and holds it against the checkpoints there, and those that were `kept` elsewhere. */
export async function verifySignedAudit(db: Database, check: SignatureCheck | null, kept: readonly AuditCheckpoint[] = []): Promise<{ readonly verdict: ChainVerdict; readonly checked: CheckedCheckpoints }> {
  const checked = checkSigned([...(await storedCheckpoints(db)), ...kept], check);
  return { verdict: await verifyAudit(db, checked.good), checked };
}
