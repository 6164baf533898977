import { defineSearchAttributeKey } from '@temporalio/common';

/** Typed search attributes; few and of low rank, never secret: they are stored unencrypted. */
export const INSTANCE_ATTRIBUTE = defineSearchAttributeKey('ForeshiftInstance', 'KEYWORD');
export const SERVICE_ATTRIBUTE = defineSearchAttributeKey('ForeshiftService', 'KEYWORD');
export const PHASE_ATTRIBUTE = defineSearchAttributeKey('ForeshiftPhase', 'KEYWORD');
export const OUTCOME_ATTRIBUTE = defineSearchAttributeKey('ForeshiftOutcome', 'KEYWORD');
/** The fleet by the tag of what is moved, or that a tick or a queue is of. */
export const FLEET_ATTRIBUTE = defineSearchAttributeKey('ForeshiftFleet', 'KEYWORD');
/** Why it did not complete: the first reason of the outcome. */
export const REASON_ATTRIBUTE = defineSearchAttributeKey('ForeshiftReason', 'KEYWORD');
export const TRIGGER_ATTRIBUTE = defineSearchAttributeKey('ForeshiftTrigger', 'KEYWORD');

/** Name and Temporal type of each, as `--search-attribute NAME=TYPE` and the operator service take them. */
export const SEARCH_ATTRIBUTES = [
  INSTANCE_ATTRIBUTE,
  SERVICE_ATTRIBUTE,
  PHASE_ATTRIBUTE,
  OUTCOME_ATTRIBUTE,
  TRIGGER_ATTRIBUTE,
  FLEET_ATTRIBUTE,
  REASON_ATTRIBUTE,
].map((key) => ({ name: key.name, type: 'Keyword' as const }));

/** A sentence as the value of an attribute: stores of visibility keep short texts only. */
export function asAttribute(sentence: string): string {
  return sentence.slice(0, 200);
}
