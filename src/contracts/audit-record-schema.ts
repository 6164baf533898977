import { z } from 'zod';
import type { AuditRecord } from './audit';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A record as lists and exports give it: what others may rely on. */
export const auditRecordSchema = z.object({
  seq: z.int().positive().describe('Number in the chain, from 1 without a gap'),
  key: z.string().describe('Makes a repeated write the same write'),
  kind: z.enum(['decision', 'intent', 'act', 'readback', 'undo', 'failure', 'refusal', 'approval', 'operator', 'phase', 'outcome', 'hindsight']),
  atMs: z.number().describe('Milliseconds since 1970, by the clock of the workflow or worker that wrote it'),
  actor: z.string().describe('Who did it: foreshift:<trigger>, a worker, or a person'),
  workflowId: z.string(),
  runId: z.string(),
  instanceId: z.string().nullable(),
  service: z.string().nullable().exactOptional().describe('What the instance serves, where it is known'),
  summary: z.string(),
  reason: z.string().nullable(),
  detail: z.unknown().describe('Of a decision its inputs and what came of them, of an act what was asked and answered, of an outcome the result'),
  previousHash: hash.describe('Hash of the record before it; 64 zeros for the first'),
  hash: hash.describe('SHA-256 over "<seq>\\n<previousHash>\\n" and the record without seq, previousHash and hash as canonical JSON (keys sorted, no spaces)'),
}) satisfies z.ZodType<AuditRecord>;
