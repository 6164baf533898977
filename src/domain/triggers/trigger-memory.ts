import type { IncidentState } from './incident';
import type { PlannedStart } from './planned-start';

/** Something that is decided and not yet done. It is done again until it is known to be done: every act bears that. */
export interface PendingAct {
  readonly kind: 'start' | 'withdraw';
  readonly incidentId: string;
  readonly start: PlannedStart;
  /** Not before this time. */
  readonly dueAtMs: number;
}

/** The incident that holds: no OK after it is known. */
export interface OpenIncident {
  readonly incidentId: string;
  readonly changedAtMs: number;
  readonly start: PlannedStart;
  /** An OK takes back what has not begun. */
  readonly withdrawOnOk: boolean;
}

/** Everything that is remembered of one subject; plain JSON of a few KB. */
export interface TriggerMemory {
  /** The latest changes in order of their times: duplicates are known by them, and flapping is. */
  readonly changes: readonly { readonly atMs: number; readonly state: IncidentState }[];
  /** 0: none is known. */
  readonly lastOkAtMs: number;
  readonly open: OpenIncident | null;
  readonly acts: readonly PendingAct[];
}

export const NOTHING_REMEMBERED: TriggerMemory = { changes: [], lastOkAtMs: 0, open: null, acts: [] };

/** Changes before the last OK cannot begin anything, so that forgetting them loses nothing but the word "duplicate". */
const MOST_CHANGES = 32;

/** The memory with one more change, in its place by time. */
export function withChange(memory: TriggerMemory, atMs: number, state: IncidentState): TriggerMemory {
  const changes = [...memory.changes, { atMs, state }].toSorted((a, b) => a.atMs - b.atMs).slice(-MOST_CHANGES);
  return { ...memory, changes, lastOkAtMs: state === 'OK' ? Math.max(memory.lastOkAtMs, atMs) : memory.lastOkAtMs };
}

/** When the next act is due; null where none is left. */
export function nextDueMs({ acts }: TriggerMemory): number | null {
  return acts.length === 0 ? null : Math.min(...acts.map(({ dueAtMs }) => dueAtMs));
}

export function isSameAct(a: PendingAct, b: PendingAct): boolean {
  return a.kind === b.kind && a.incidentId === b.incidentId;
}
