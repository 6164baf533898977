import { AUTONOMY_ACTOR, DRILL_ACTOR } from '../autonomy/actors';
import type { ApprovalWanted, Notification, NotificationEvent } from './notification';

/** A record of the audit, as far as news are made from it. */
export interface NewsRecord {
  readonly seq: number;
  readonly kind: string;
  readonly atMs: number;
  readonly actor?: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly instanceId: string | null;
  readonly service?: string | null;
  readonly summary: string;
  readonly reason: string | null;
  readonly detail: unknown;
}

interface News {
  readonly event: NotificationEvent;
  readonly title: string;
  readonly command?: string;
  readonly approval?: ApprovalWanted;
  /** Tells news of one run apart that may come more than once; each record is news of its own without it. */
  readonly once?: string;
}

/** Whether a record is news, and what it says. Pure: the same record is always the same news, so that it may be made again after any loss. */
export function notificationOf(record: NewsRecord): Notification | null {
  const news = newsOf(record);
  if (news === null) return null;
  const { seq, atMs, workflowId, runId, instanceId, service = null, reason } = record;
  return {
    key: `${news.event}/${workflowId}/${runId}/${news.once ?? seq}`,
    event: news.event,
    title: news.title,
    text: reason ?? '',
    command: news.command ?? null,
    atMs,
    instanceId,
    service,
    workflowId,
    runId,
    ...(news.approval === undefined ? {} : { approval: news.approval }),
    auditSeq: seq,
  };
}

function newsOf({ kind, actor, workflowId, instanceId, service, summary, detail }: NewsRecord): News | null {
  const what = instanceId ?? workflowId;
  const of = fieldsOf(detail);
  if (kind === 'decision' && actor === AUTONOMY_ACTOR) return { event: 'mode', title: summary, command: `foreshift autonomy ${service ?? ''}`.trimEnd() };
  // It moves nothing, and goes back on purpose: news is only what it leaves behind.
  if (actor === DRILL_ACTOR && !(kind === 'outcome' && summary === 'NeedsOperator')) return null;
  if (kind === 'decision' && summary === 'plan') return { event: 'plan', title: `${what} is to be moved` };
  if (kind === 'decision' && summary === 'approval wanted') {
    const { planId, planHash, untilMs } = of;
    const until = typeof untilMs === 'number' ? ` until ${new Date(untilMs).toISOString()}` : '';
    const command = typeof planId === 'string' ? `foreshift approve ${planId}` : `foreshift approve ${what} --plan ${String(planHash)}`;
    const subject = typeof planId === 'string' ? ({ kind: 'plan', planId } as const) : instanceId === null ? null : ({ kind: 'migration', instanceId } as const);
    const approval = subject === null || typeof planHash !== 'string' || typeof untilMs !== 'number' ? {} : { approval: { planHash, untilMs, subject } };
    return { event: 'approval-wanted', title: `${what} waits for approval${until}`, command, ...approval };
  }
  const verdict = fieldsOf(of['verdict'])['kind'];
  // It is looked at every few seconds: of one run and place, that it waits is told once.
  if (kind === 'decision' && (verdict === 'inconclusive' || verdict === 'noData')) return { event: 'hold', title: `${what} is held: ${summary}`, once: summary.split(':')[0] ?? summary };
  if (kind === 'phase' && summary === 'entered phase rollback') return { event: 'rollback', title: `${what} goes back`, once: 'rollback' };
  if (kind === 'outcome' && workflowId.startsWith('migration/')) return outcomeNews(what, summary, of);
  return null;
}

function outcomeNews(what: string, outcome: string, of: Readonly<Record<string, unknown>>): News | null {
  switch (outcome) {
    case 'Completed':
      return { event: 'done', title: `${what} is replaced by ${String(of['replacementId'])} (${String(of['shape'])} in ${String(of['zone'])})` };
    case 'RolledBack':
      return { event: 'rollback', title: `${what} has gone back to where it was` };
    case 'Refused':
      return { event: 'refused', title: `${what} was not moved` };
    case 'NeedsOperator': {
      const left = Array.isArray(of['left']) ? of['left'].map(String) : [];
      return { event: 'needs-operator', title: `${what} needs an operator${left.length > 0 ? `: left are ${left.join('; ')}` : ''}`, command: `foreshift audit show ${what}` };
    }
    default:
      return null;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
