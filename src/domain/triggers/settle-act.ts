import { isSameAct } from './trigger-memory';
import type { PendingAct, TriggerMemory } from './trigger-memory';

export type ActEnd = 'done' | 'refused';

/** An act is done or will never be: it is no longer pending. What was refused is not open, so that the alarm's next change may try anew. */
export function settleAct(memory: TriggerMemory, act: PendingAct, end: ActEnd, nowMs: number): TriggerMemory {
  const rest = memory.acts.filter((one) => !isSameAct(one, act));
  const isOpen = memory.open?.incidentId === act.incidentId;
  if (act.kind === 'start' && end === 'done' && !isOpen && wasTakenBack(memory, act)) {
    // An OK came while the start was on its way, and its withdrawal may have arrived before it.
    return { ...memory, acts: [...rest.filter((one) => one.incidentId !== act.incidentId), { ...act, kind: 'withdraw', dueAtMs: nowMs }] };
  }
  return { ...memory, acts: rest, open: end === 'refused' && isOpen ? null : memory.open };
}

/** Somebody else settled it or took it back in the meantime; taking back twice does no harm. */
function wasTakenBack({ acts }: TriggerMemory, act: PendingAct): boolean {
  return !acts.some((one) => isSameAct(one, act));
}
