import { sealAudit } from '../adapters/postgres/audit-checkpoints';
import type { Database } from '../adapters/postgres/database';
import type { Signer } from '../adapters/signing-key';

/** Signs the audit's newest record every now and then, until it is ended; workers beside each other sign the same records, once. What fails is tried again the next time. */
export function keepSealing(db: Database, signer: Signer, everyMs: number, log: (text: string) => void): () => void {
  const timer = setInterval(() => {
    sealAudit(db, signer, Date.now()).then(
      // A checkpoint in the log has left the database: who owns that cannot take it back.
      (checkpoint) => (checkpoint === null ? undefined : log(JSON.stringify({ auditCheckpoint: checkpoint }))),
      (error: unknown) => log(`the audit was not signed: ${String(error)}`),
    );
  }, everyMs);
  return () => clearInterval(timer);
}
