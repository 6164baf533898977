import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import type { FaultCase } from '../cases/fault-case';
import type { Ended, Scenario, WorkflowStart } from '../cases/scenario';
import { checkAudit } from '../check/check-audit';
import type { Violation } from '../check/check-service';
import { checkWorld, servingAfter } from '../check/check-world';
import { MOST_MS } from '../control/protocol';
import type { SeenActivity } from '../control/seen-activities';
import type { Slot } from '../fleet/fleet';
import type { Tally } from '../fleet/traffic';
import { CaseWatcher } from './case-watcher';
import { patiently } from './patiently';
import { takeUp } from './take-up';
import type { World } from './world';

export interface CaseOutcome {
  readonly name: string;
  /** Kind of the result, or `Cancelled`, `Terminated`, `Failed`. */
  readonly ended: string;
  readonly reasons: readonly string[];
  readonly left: readonly string[];
  /** Attempts that the fault met; 0: it never came to it. */
  readonly strikes: number;
  readonly violations: readonly Violation[];
  readonly requests: number;
  readonly durationMs: number;
  readonly historyEvents: number;
  readonly workflowId: string;
  readonly runId: string;
  readonly seen: readonly SeenActivity[];
}

const EVERY_MS = 150;
const SLOW_MS = 700;
const SLOW_EVERY_MS = 600;
const SETTLE_MS = 1_500;
/** With a minute of throttling or an attempt that is outlived, on a machine that does much else: then it hangs. */
const LONGEST_MS = 360_000;

/** Carries one case out on a slot and asks the cloud what came of it. */
export async function runCase(world: World, scenario: Scenario, slot: Slot, faultCase: FaultCase | null): Promise<CaseOutcome> {
  const startedAtMs = Date.now();
  const start = scenario.start(slot);
  const { workflowId } = start;
  const watcher = new CaseWatcher(world, scenario, slot, faultCase);
  world.control.watch(workflowId, (point, attempt) => watcher.watch(point, attempt));
  // Some take so long that one is always under way on whatever serves.
  const slowUrl = `${slot.url}?slow=${SLOW_MS}`;
  world.traffic.setRate(slot.url, EVERY_MS);
  world.traffic.setRate(slowUrl, SLOW_EVERY_MS);
  await sleep(SETTLE_MS);
  world.traffic.take(slot.url);
  world.traffic.take(slowUrl);
  const handle = await begin(world, start, faultCase);
  watcher.handle = handle;
  const first = await outcomeOf(scenario, slot, handle);
  const ended = first.kind === 'Terminated' ? await takeUp(world, slot, start, async () => outcomeOf(scenario, slot, await begin(world, start, faultCase))) : first;
  await sleep(SETTLE_MS);
  world.control.unwatch(workflowId);
  world.traffic.setRate(slot.url, 0);
  world.traffic.setRate(slowUrl, 0);
  await sleep(SLOW_MS);
  const requests = together(world.traffic.take(slot.url), world.traffic.take(slowUrl));
  const violations = [
    ...judgeEnd(scenario, faultCase, ended),
    ...judgeRequests(requests, startedAtMs),
    ...(await checkWorld(world, { scenario, slot, ended, workflowId, runId: handle.firstExecutionRunId })),
    ...(await patiently(() => checkAudit(world.audit, workflowId, watcher.seen, first.kind !== 'Terminated' && ended.kind !== 'StillRunning'))),
  ];
  const added = scenario.added?.(ended) ?? [];
  slot.instanceIds = (await patiently(() => servingAfter(world, scenario, slot, ended))).filter((id) => !added.includes(id));
  if (ended.kind === 'Resized') slot.shape = (ended.result as { readonly to: string }).to;
  if (violations.length === 0) await world.fleet.remove(slot, added);
  const { historyLength } = await patiently(() => handle.describe());
  return {
    name: faultCase?.name ?? scenario.name,
    ended: ended.kind,
    reasons: ended.reasons,
    left: ended.left,
    strikes: watcher.strikes,
    violations,
    requests: requests.sent,
    durationMs: Date.now() - startedAtMs,
    historyEvents: historyLength,
    workflowId,
    runId: handle.firstExecutionRunId,
    seen: watcher.seen.list().map(({ activity, occurrence, isLocal, startToCloseMs, isUndo }) => ({ activity, occurrence, isLocal, startToCloseMs, isUndo })),
  };
}

/** A start whose reply was lost has begun: it is the same one. */
function begin({ client, taskQueue }: World, { type, workflowId, input }: WorkflowStart, faultCase: FaultCase | null): Promise<WorkflowHandleWithFirstExecutionRunId> {
  const mostMs = faultCase?.fault.mostMs;
  const memo = mostMs === undefined ? {} : { memo: { [MOST_MS]: mostMs } };
  return patiently(() => client.workflow.start(type, { taskQueue, workflowId, args: [input], workflowIdConflictPolicy: 'USE_EXISTING', ...memo }));
}

/** How it ended, with what an operator did meanwhile. */
async function outcomeOf(scenario: Scenario, slot: Slot, handle: WorkflowHandleWithFirstExecutionRunId): Promise<Ended> {
  let isOver = false;
  const meanwhile = scenario.meanwhile?.(handle, () => isOver, slot);
  const ended = await endOf(patiently(() => handle.result()));
  isOver = true;
  await meanwhile;
  return ended;
}

function judgeEnd(scenario: Scenario, faultCase: FaultCase | null, ended: Ended): readonly Violation[] {
  if (ended.kind === 'StillRunning') return [{ expected: `it ends within ${LONGEST_MS / 1000} s`, found: 'it goes on' }];
  const mustBeSame = faultCase === null || faultCase.fault.expects === 'same';
  const mayBeLeft = faultCase?.fault.expects === 'honest' && faultCase.isLastResort;
  if (ended.kind === 'NeedsOperator' && !mayBeLeft) return [{ expected: 'nothing is left to an operator', found: [...ended.reasons, ...ended.left].join('; ') }];
  return mustBeSame && ended.kind !== scenario.expects ? [{ expected: `it ends ${scenario.expects}`, found: `${ended.kind}: ${ended.reasons.join('; ')}` }] : [];
}

function together(one: Tally, other: Tally): Tally {
  return { sent: one.sent + other.sent, failed: one.failed + other.failed, failures: [...one.failures, ...other.failures] };
}

function judgeRequests({ sent, failed, failures }: Tally, startedAtMs: number): readonly Violation[] {
  if (sent === 0) return [{ expected: 'requests came to the service', found: 'none' }];
  const first = failures.slice(0, 3).map(({ outcome, sentAtMs }) => `${outcome} at +${sentAtMs - startedAtMs} ms`);
  return failed === 0 ? [] : [{ expected: '0 failed requests', found: `${failed} of ${sent}: ${first.join(', ')}` }];
}

async function endOf(running: Promise<unknown>): Promise<Ended> {
  running.catch(() => undefined);
  const hung = sleep(LONGEST_MS, { kind: 'StillRunning' } as const, { ref: false });
  try {
    const result = (await Promise.race([running, hung])) as { readonly kind?: string; readonly outcome?: string; readonly reasons?: readonly string[]; readonly left?: readonly string[] };
    return { kind: result.kind ?? result.outcome ?? 'Ended', reasons: result.reasons ?? [], left: result.left ?? [], result };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    const kind = cause instanceof CancelledFailure ? 'Cancelled' : cause instanceof TerminatedFailure ? 'Terminated' : 'Failed';
    return { kind, reasons: [cause?.message ?? ''], left: [], result: null };
  }
}
