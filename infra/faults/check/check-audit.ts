import type { AuditLog } from '../../../src/adapters/postgres/audit-log';
import { AUDITED_ACTS, AUDITED_CAPACITY_ACTS, AUDITED_ROUTING_ACTS, AUDITED_SHAPE_ACTS } from '../../../src/activities/audited-acts';
import type { SeenActivities } from '../control/seen-activities';
import type { Violation } from './check-service';

const AUDITED = new Set(Object.keys({ ...AUDITED_ACTS, ...AUDITED_CAPACITY_ACTS, ...AUDITED_ROUTING_ACTS, ...AUDITED_SHAPE_ACTS }));
const ENDS = new Set(['outcome', 'refusal']);
const MOST_RECORDS = 2_000;

/** Every act that was seen done stands in the audit, and so does how it ended. `ended`: by itself, not terminated. */
export async function checkAudit(audit: AuditLog, workflowId: string, seen: SeenActivities, ended: boolean): Promise<readonly Violation[]> {
  const records = await audit.list({ workflowId, limit: MOST_RECORDS });
  const keys = new Set(records.map(({ key }) => key));
  const runs = new Set(seen.list().map(({ runId }) => runId));
  const unwritten = seen.list().filter(({ activity, isDone, runId, activityId }) => isDone && AUDITED.has(activity) && !keys.has(`${workflowId}/${runId}/activity-${activityId}/done`));
  const isEndWritten = !ended || records.some(({ runId, kind }) => runs.has(runId) && ENDS.has(kind));
  return [
    ...unwritten.map(({ activity, occurrence }): Violation => ({ expected: `an audit record of ${activity}#${occurrence}, which was done`, found: 'none' })),
    ...(isEndWritten ? [] : [{ expected: 'an audit record of how it ended', found: 'none' }]),
  ];
}
