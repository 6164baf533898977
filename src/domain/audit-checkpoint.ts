import type { ChainPoint } from './audit-chain';

/** A record that somebody signed: together with all before it, since each hash is over the one before. */
export interface AuditCheckpoint extends ChainPoint {
  readonly atMs: number;
  /** Tells which key signed. */
  readonly keyId: string;
  /** Base64. */
  readonly signature: string;
}

/** What is signed. */
export function checkpointText({ seq, hash, atMs }: ChainPoint & { readonly atMs: number }): string {
  return `foreshift audit checkpoint\n${seq}\n${hash}\n${atMs}`;
}

export interface CheckedCheckpoints {
  readonly good: readonly AuditCheckpoint[];
  /** Sentences. */
  readonly problems: readonly string[];
  /** Of other keys: nothing is known of these. */
  readonly unknown: number;
}

/** Takes of checkpoints, from wherever they come, those that the key has signed. A signature that is not good is a problem: somebody wrote it. */
export function checkCheckpoints(checkpoints: readonly AuditCheckpoint[], check: { readonly keyId: string; isGood(text: string, signature: string): boolean }): CheckedCheckpoints {
  const own = checkpoints.filter(({ keyId }) => keyId === check.keyId);
  const good = own.filter((checkpoint) => check.isGood(checkpointText(checkpoint), checkpoint.signature));
  const bad = own.filter((checkpoint) => !good.includes(checkpoint));
  return { good, problems: bad.map(({ seq }) => `the checkpoint of record ${seq} does not carry a good signature`), unknown: checkpoints.length - own.length };
}
