import { upsertSearchAttributes } from '@temporalio/workflow';
import { OUTCOME_ATTRIBUTE, PHASE_ATTRIBUTE, REASON_ATTRIBUTE, asAttribute } from '../contracts/search-attributes';

/** Lets an ended workflow be found by how it ended, and by why where that was not as asked. */
export function showOutcome(result: { readonly kind: string; readonly reasons?: readonly string[] }): void {
  upsertSearchAttributes([
    { key: PHASE_ATTRIBUTE, value: 'done' },
    { key: OUTCOME_ATTRIBUTE, value: result.kind },
    ...(result.reasons === undefined ? [] : [{ key: REASON_ATTRIBUTE, value: asAttribute(result.reasons[0] ?? result.kind) }]),
  ]);
}
