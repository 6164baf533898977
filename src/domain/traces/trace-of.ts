import type { NewsRecord } from '../notifications/notification-of';

/** A record of the audit, as far as traces are made from it. */
export interface TracedRecord extends Omit<NewsRecord, 'seq'> {
  readonly key: string;
  readonly actor: string;
}

/** One stretch of a trace. Its name is of few kinds; what is particular stands in the attributes. */
export interface TraceSpan {
  /** What it is known by: the same again makes the same span. */
  readonly key: string;
  /** Of the span that it is part of; null for the whole. */
  readonly within: string | null;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Null where it went well. */
  readonly error: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  /** What was decided, read back or said in it. */
  readonly events: readonly { readonly name: string; readonly atMs: number }[];
}

const PHASE = /^entered phase (\w+)$/;
const WENT_WELL = new Set(['Completed', 'Planned']);

/**
 * The trace of one migration, from the alarm or tick that wanted it to its end, made from the audit's records about its instance: a span for the wait in the queue, for
 * each phase, and for each act from its intent to what came of it. Null where the records do not hold the run's end.
 * @param about the instance's records up to the end of the run, in order
 */
export function traceOf(about: readonly TracedRecord[], { workflowId, runId }: { readonly workflowId: string; readonly runId: string }): { readonly root: TraceSpan; readonly spans: readonly TraceSpan[] } | null {
  const run = about.filter((record) => record.workflowId === workflowId && record.runId === runId);
  const end = run.findLast(({ kind }) => kind === 'outcome');
  const [first] = run;
  if (first === undefined || end === undefined) return null;
  const rootKey = `${workflowId}/${runId}`;
  const before = waitSpans(about, first, rootKey);
  const phases = phaseSpans(run, end.atMs, rootKey);
  const root: TraceSpan = {
    key: rootKey,
    within: null,
    name: 'migrate instance',
    startMs: Math.min(first.atMs, ...before.map(({ startMs }) => startMs)),
    endMs: end.atMs,
    error: WENT_WELL.has(end.summary) ? null : (end.reason ?? end.summary),
    attributes: attributesOf({ 'foreshift.instance': end.instanceId, 'foreshift.service': end.service, 'foreshift.outcome': end.summary, 'foreshift.trigger': first.actor, 'foreshift.replacement': fieldOf(end.detail, 'replacementId'), 'temporal.workflow_id': workflowId, 'temporal.run_id': runId }),
    events: [],
  };
  return { root, spans: [root, ...before, ...phases, ...phases.flatMap((phase) => actSpans(run, phase))] };
}

/** What came before the migration: who wanted it, and its wait in the queue. */
function waitSpans(about: readonly TracedRecord[], first: TracedRecord, within: string): TraceSpan[] {
  const begins = about.findLast(({ kind, summary, atMs, workflowId }) => kind === 'decision' && summary.endsWith(' begins') && atMs <= first.atMs && workflowId.endsWith('/queue'));
  if (begins === undefined) return [];
  const itemId = begins.summary.slice(0, -' begins'.length);
  const queued = about.findLast(({ summary, atMs }) => summary === `${itemId} queued` && atMs <= begins.atMs);
  if (queued === undefined) return [];
  const trigger = about.find(({ key, kind }) => kind === 'act' && key.startsWith(`${itemId}/`));
  const changedAtMs = trigger === undefined ? null : fieldOf(fieldOf(trigger.detail, 'start'), 'changedAtMs');
  return [
    ...(trigger === undefined
      ? []
      : [{ key: trigger.key, within, name: 'trigger', startMs: Math.min(typeof changedAtMs === 'number' ? changedAtMs : trigger.atMs, trigger.atMs), endMs: trigger.atMs, error: null, attributes: attributesOf({ 'foreshift.why': trigger.reason }), events: [] }]),
    { key: `${queued.key}/wait`, within, name: 'wait in the queue', startMs: queued.atMs, endMs: begins.atMs, error: null, attributes: attributesOf({ 'foreshift.item': itemId, 'foreshift.why': queued.reason, 'foreshift.requested_by': queued.actor, 'temporal.workflow_id': queued.workflowId }), events: [] },
  ];
}

function phaseSpans(run: readonly TracedRecord[], endMs: number, within: string): TraceSpan[] {
  const entered = run.flatMap((record) => {
    const phase = record.kind === 'phase' ? PHASE.exec(record.summary)?.[1] : undefined;
    return phase === undefined ? [] : [{ record, phase }];
  });
  return entered.map(({ record, phase }, i) => {
    const untilMs = entered[i + 1]?.record.atMs ?? endMs;
    const told = run.filter(({ kind, atMs }) => atMs >= record.atMs && atMs < untilMs && !ACTED.has(kind) && kind !== 'phase' && kind !== 'outcome');
    return { key: record.key, within, name: `phase ${phase}`, startMs: record.atMs, endMs: untilMs, error: null, attributes: {}, events: told.map(({ summary, reason, atMs }) => ({ name: reason === null ? summary : `${summary}: ${reason}`, atMs })) };
  });
}

/** Kinds of records that an act writes, from its intent to what came of it. */
const ACTED = new Set(['intent', 'act', 'undo', 'failure']);

function actSpans(run: readonly TracedRecord[], phase: TraceSpan): TraceSpan[] {
  const begun = run.filter(({ kind, atMs }) => kind === 'intent' && atMs >= phase.startMs && atMs < phase.endMs);
  return begun.map((intent) => {
    const activity = intent.key.slice(0, intent.key.lastIndexOf('/'));
    const came = run.filter(({ key, kind }) => key.startsWith(`${activity}/`) && kind !== 'intent');
    const last = came.at(-1);
    const failed = last === undefined || last.kind === 'failure';
    return {
      key: activity,
      within: phase.key,
      name: intent.summary.replace(/ begins$/, ''),
      startMs: intent.atMs,
      endMs: Math.max(intent.atMs, last?.atMs ?? phase.endMs),
      error: failed ? (last?.reason ?? 'what came of it is not known') : null,
      attributes: {},
      events: came.filter(({ kind }) => kind === 'failure').map(({ summary, reason, atMs }) => ({ name: `${summary}: ${reason ?? ''}`, atMs })),
    };
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function attributesOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value]] : [])));
}
