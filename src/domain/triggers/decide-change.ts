import type { Incident } from './incident';
import type { PlannedStart } from './planned-start';
import type { PendingAct, TriggerMemory } from './trigger-memory';
import { withChange } from './trigger-memory';
import type { TriggerPolicy } from './trigger-policy';

/** What became of a change. `started` and `held` begin something, `withdrawn` takes it back; the others do nothing, and say why. */
export type Fate = 'started' | 'held' | 'withdrawn' | 'noted' | 'continues' | 'duplicate' | 'superseded' | 'late' | 'refused';

export interface Decision {
  readonly memory: TriggerMemory;
  readonly fate: Fate;
  readonly why: string;
}

/** What the rules say about an incident: what it begins, or why nothing. */
export type RuleAnswer = { readonly start: PlannedStart; readonly withdrawOnOk: boolean } | { readonly start: null; readonly why: string };

export interface DecideArgs {
  readonly incident: Incident;
  readonly answer: RuleAnswer;
  readonly policy: TriggerPolicy;
  readonly nowMs: number;
  /** Whether a late alarm is still in ALARM; null where nobody asked. */
  readonly stillOn: boolean | null;
}

/**
 * Takes one change into account. The order in which changes arrive does not matter: what holds is the first ALARM after the
 * last OK, and it begins something once.
 */
export function decideChange(memory: TriggerMemory, args: DecideArgs): Decision {
  const { incident, policy, nowMs } = args;
  const { state, changedAtMs } = incident;
  const known = memory.changes.find(({ atMs }) => atMs === changedAtMs);
  if (known?.state === state) return { memory, fate: 'duplicate', why: 'this change is known' };
  if (known !== undefined) return { memory, fate: 'refused', why: `at this very time it changed to ${known.state}, as was told before` };
  if (changedAtMs - nowMs > policy.aheadMs) return { memory, fate: 'refused', why: `it lies ${seconds(changedAtMs - nowMs)} ahead of this machine's clock` };
  const noted = withChange(memory, changedAtMs, state);
  if (state === 'ALARM') return decideAlarm(noted, args);
  if (state === 'OK') return decideOk(noted, args);
  return { memory: noted, fate: 'noted', why: 'without data nothing begins, and nothing is taken back' };
}

function decideAlarm(memory: TriggerMemory, { incident, answer, policy, nowMs, stillOn }: DecideArgs): Decision {
  const { changedAtMs, incidentId, previousState } = incident;
  if (changedAtMs < memory.lastOkAtMs) return { memory, fate: 'superseded', why: `it was over at ${at(memory.lastOkAtMs)}` };
  const { open } = memory;
  // An OK that was never told of lies between the two where this change came from OK.
  const reopens = open !== null && previousState === 'OK' && changedAtMs > open.changedAtMs;
  if (open !== null && !reopens) return { memory, fate: 'continues', why: `${open.incidentId} holds since ${at(open.changedAtMs)}` };
  if (isLate(incident, policy, nowMs) && stillOn !== true) return { memory, fate: 'late', why: `it happened ${seconds(nowMs - changedAtMs)} ago${stillOn === false ? ' and is over' : ''}` };
  if (answer.start === null) return { memory, fate: 'refused', why: answer.why };

  const held = flaps(memory, changedAtMs, policy);
  const dueAtMs = held ? changedAtMs + policy.flapping.holdMs : nowMs;
  const before = open === null ? memory : takeBack(memory, nowMs);
  const act: PendingAct = { kind: 'start', incidentId, start: answer.start, dueAtMs };
  const opened = { ...before, open: { incidentId, changedAtMs, start: answer.start, withdrawOnOk: answer.withdrawOnOk }, acts: [...before.acts, act] };
  if (held) return { memory: opened, fate: 'held', why: `it flaps: more than ${policy.flapping.changes} alarms in ${seconds(policy.flapping.withinMs)}; it begins at ${at(dueAtMs)} if it stays` };
  return { memory: opened, fate: 'started', why: answer.start.reason };
}

function decideOk(memory: TriggerMemory, { incident, nowMs }: DecideArgs): Decision {
  const { open } = memory;
  if (open === null || open.changedAtMs > incident.changedAtMs) return { memory, fate: 'noted', why: 'nothing that it began is open' };
  // It was told of late: the alarm is on again since, and what began for it stands for that.
  const later = memory.changes.find((change) => change.state === 'ALARM' && change.atMs > memory.lastOkAtMs);
  if (later !== undefined) return { memory: { ...memory, open: { ...open, changedAtMs: later.atMs } }, fate: 'noted', why: `it is in ALARM again since ${at(later.atMs)}` };
  const keeps = !open.withdrawOnOk && !isHeldStill(memory, open.incidentId, nowMs);
  return { memory: takeBack(memory, nowMs), fate: keeps ? 'noted' : 'withdrawn', why: keeps ? `the rule ${open.start.rule} keeps what it began` : `${open.incidentId} is over` };
}

/** Closes the open incident: what is still held never begins; what may have been asked for is taken back, also where the answer was lost. */
function takeBack(memory: TriggerMemory, nowMs: number): TriggerMemory {
  const { open } = memory;
  if (open === null) return memory;
  const held = isHeldStill(memory, open.incidentId, nowMs);
  const closed = { ...memory, open: null };
  if (!held && !open.withdrawOnOk) return closed;
  const acts = memory.acts.filter(({ incidentId }) => incidentId !== open.incidentId);
  return { ...closed, acts: held ? acts : [...acts, { kind: 'withdraw', incidentId: open.incidentId, start: open.start, dueAtMs: nowMs }] };
}

function isHeldStill({ acts }: TriggerMemory, incidentId: string, nowMs: number): boolean {
  return acts.some((act) => act.kind === 'start' && act.incidentId === incidentId && act.dueAtMs > nowMs);
}

/** Whether the message comes so late that the world has to be looked at before it is believed. */
export function isLate({ kind, changedAtMs, deadlineAtMs }: Incident, policy: TriggerPolicy, nowMs: number): boolean {
  if (deadlineAtMs !== null) return nowMs > deadlineAtMs;
  // AWS Health says when one ends.
  const holdsUntilClosed = kind === 'health' || kind === 'scheduledEvent';
  return !holdsUntilClosed && nowMs - changedAtMs > policy.lateAfterMs;
}

function flaps({ changes }: TriggerMemory, atMs: number, { flapping }: TriggerPolicy): boolean {
  const alarms = changes.filter((change) => change.state === 'ALARM' && change.atMs <= atMs && change.atMs > atMs - flapping.withinMs);
  return alarms.length > flapping.changes;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}
