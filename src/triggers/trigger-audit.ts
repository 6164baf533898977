import type { AuditEntry, AuditKind } from '../contracts/audit';
import { triggerWorkflowId } from '../contracts/workflow-ids';
import type { Decision, Fate } from '../domain/triggers/decide-change';
import type { Incident } from '../domain/triggers/incident';
import type { PendingAct } from '../domain/triggers/trigger-memory';
import type { DoneAct } from './carry-out';

/** Told when it is decided. What is started is told once Temporal has it; a repeated delivery and a change that means nothing are no news. */
const TOLD: Readonly<Partial<Record<Fate, AuditKind>>> = { held: 'decision', withdrawn: 'decision', continues: 'refusal', superseded: 'refusal', late: 'refusal', refused: 'refusal' };

/** The audit's record of a decision; null where it is not told. */
export function auditOfDecision(incident: Incident, { fate, why }: Decision, atMs: number): AuditEntry | null {
  const kind = TOLD[fate];
  if (kind === undefined) return null;
  const { incidentId, kind: trigger, subject, name, state, changedAtMs, instanceId } = incident;
  return { ...entryOf(incidentId, fate, atMs), kind, instanceId, summary: `${trigger} ${name} changed to ${state}: ${fate}`, reason: why, detail: { subject, changedAtMs, trigger } };
}

/** The audit's record of an act that Temporal accepted, or that was refused for good. */
export function auditOfAct({ kind, incidentId, start }: PendingAct, end: DoneAct | Error, atMs: number): AuditEntry {
  const refused = end instanceof Error;
  const instanceId = start.kind === 'wish' ? start.instanceId : null;
  const summary = refused ? `${kind} of ${incidentId} refused` : end.summary;
  const entry = entryOf(incidentId, `${kind}-${refused ? 'refused' : 'accepted'}`, atMs);
  return { ...entry, ...(refused ? {} : { workflowId: end.workflowId }), kind: refused ? 'refusal' : 'act', instanceId, summary, reason: refused ? end.message : start.reason, detail: { rule: start.rule, trigger: start.trigger, start } };
}

function entryOf(incidentId: string, step: string, atMs: number): Pick<AuditEntry, 'key' | 'atMs' | 'actor' | 'workflowId' | 'runId'> {
  const workflowId = triggerWorkflowId(incidentId);
  return { key: `${workflowId}/${step}`, atMs, actor: 'foreshift:triggers', workflowId, runId: '' };
}
