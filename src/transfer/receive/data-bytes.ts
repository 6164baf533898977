import type { Act } from '../wire/acts';

/** Bytes of a batch's data that belong to the act. */
export function dataBytes(act: Act): number {
  if (act.act === 'put') return act.entry.bytes;
  if (act.act === 'blocks') return act.runs.reduce((sum, value, i) => (i % 2 === 1 ? sum + value : sum), 0);
  return act.act === 'chunks' ? act.parts.reduce<number>((sum, part) => (typeof part === 'number' ? sum + part : sum), 0) : 0;
}
