import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandleWithFirstExecutionRunId, WorkflowStartOptions } from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import type { FaultCase } from '../cases/fault-case';
import type { Ended, Scenario } from '../cases/scenario';
import { checkAudit } from '../check/check-audit';
import type { Violation } from '../check/check-service';
import { checkWorld } from '../check/check-world';
import { DEADLINE_FACTOR } from '../control/protocol';
import type { SeenActivity } from '../control/seen-activities';
import type { Slot } from '../fleet/fleet';
import type { Tally } from '../fleet/traffic';
import { CaseWatcher } from './case-watcher';
import { patiently } from './patiently';
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

const EVERY_MS = 125;
const SETTLE_MS = 1_500;
/** A minute of throttling or an attempt that is outlived, twenty minutes of waiting cut to so much: then it hangs. */
const LONGEST_MS = 240_000;

/** Carries one case out on a slot and asks the cloud what came of it. */
export async function runCase(world: World, scenario: Scenario, slot: Slot, faultCase: FaultCase | null): Promise<CaseOutcome> {
  const startedAtMs = Date.now();
  const { type, workflowId, input } = scenario.start(slot);
  const watcher = new CaseWatcher(world, scenario, slot, faultCase);
  world.control.watch(workflowId, (point, attempt) => watcher.watch(point, attempt));
  world.traffic.setRate(slot.url, EVERY_MS);
  await sleep(SETTLE_MS);
  world.traffic.take(slot.url);
  const factor = faultCase?.fault.deadlineFactor;
  const handle = await startPatiently(world, type, { taskQueue: world.taskQueue, workflowId, args: [input], ...(factor === undefined ? {} : { memo: { [DEADLINE_FACTOR]: factor } }) });
  watcher.handle = handle;
  let isOver = false;
  const meanwhile = scenario.meanwhile?.(handle, () => isOver);
  const ended = await endOf(patiently(() => handle.result()));
  isOver = true;
  await meanwhile;
  await sleep(SETTLE_MS);
  world.control.unwatch(workflowId);
  const requests = world.traffic.take(slot.url);
  world.traffic.setRate(slot.url, 0);
  const violations = [
    ...judgeEnd(scenario, faultCase, ended),
    ...judgeRequests(requests, startedAtMs),
    ...(await checkWorld(world, { scenario, slot, ended, workflowId, runId: handle.firstExecutionRunId })),
    ...(await patiently(() => checkAudit(world.audit, workflowId, watcher.seen, ended.kind !== 'Terminated' && ended.kind !== 'StillRunning'))),
  ];
  const added = scenario.added?.(ended) ?? [];
  slot.instanceIds = scenario.serving(slot, ended).filter((id) => !added.includes(id));
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
    seen: watcher.seen.list().map(({ activity, occurrence, isLocal, startToCloseMs }) => ({ activity, occurrence, isLocal, startToCloseMs })),
  };
}

/** A start whose reply was lost has begun: it is the same one. */
function startPatiently({ client }: World, type: string, options: WorkflowStartOptions): Promise<WorkflowHandleWithFirstExecutionRunId> {
  return patiently(() => client.workflow.start(type, { ...options, workflowIdConflictPolicy: 'USE_EXISTING' }));
}

function judgeEnd(scenario: Scenario, faultCase: FaultCase | null, ended: Ended): readonly Violation[] {
  if (ended.kind === 'StillRunning') return [{ expected: `it ends within ${LONGEST_MS / 1000} s`, found: 'it goes on' }];
  const mustBeSame = faultCase === null || faultCase.fault.expects === 'same';
  return mustBeSame && ended.kind !== scenario.expects ? [{ expected: `it ends ${scenario.expects}`, found: `${ended.kind}: ${ended.reasons.join('; ')}` }] : [];
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
