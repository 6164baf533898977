import { createHash } from 'node:crypto';

/** So much of a name is kept for the reader; what tells incidents apart is the digest. */
const NAME_KEPT = 40;

/** The id of one change of state: the same wherever and however often it is told. At most 64 characters that may stand in any workflow id. */
export function incidentIdOf(subject: string, name: string, changedAtMs: number): string {
  const digest = createHash('sha256').update(`${subject}\n${changedAtMs}`).digest('hex').slice(0, 16);
  const readable = name.replaceAll(/[^\w.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, NAME_KEPT);
  return `${readable === '' ? 'incident' : readable}/${digest}`;
}
