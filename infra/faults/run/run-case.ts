import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import type { MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import type { FaultCase } from '../cases/fault-case';
import type { Scenario } from '../cases/scenario';
import { checkAudit } from '../check/check-audit';
import { checkHonesty } from '../check/check-honesty';
import { checkService, type Violation } from '../check/check-service';
import { DEADLINE_FACTOR } from '../control/protocol';
import type { SeenActivity } from '../control/seen-activities';
import type { Slot } from '../fleet/fleet';
import { CaseWatcher } from './case-watcher';
import type { World } from './world';

export interface CaseOutcome {
  readonly name: string;
  /** Kind of the result, or `Cancelled`, `Terminated`, `Failed`. */
  readonly ended: string;
  readonly reasons: readonly string[];
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

type Ended = MigrateInstanceResult | { readonly kind: 'Cancelled' | 'Terminated' | 'Failed' | 'StillRunning'; readonly reasons: readonly string[] };

const EVERY_MS = 125;
const SETTLE_MS = 1_500;
/** A minute of throttling or an attempt that is outlived, twenty minutes of waiting cut to so much: then it hangs. */
const LONGEST_MS = 240_000;

/** Carries one case out on a slot and asks the cloud what came of it. */
export async function runCase(world: World, scenario: Scenario, slot: Slot, faultCase: FaultCase | null): Promise<CaseOutcome> {
  const startedAtMs = Date.now();
  const { type, workflowId, input } = scenario.start(slot);
  const sourceId = slot.instanceId;
  const watcher = new CaseWatcher(world, scenario, slot, faultCase);
  world.control.watch(workflowId, (point, attempt) => watcher.watch(point, attempt));
  world.traffic.setRate(slot.url, EVERY_MS);
  await sleep(SETTLE_MS);
  world.traffic.take(slot.url);
  const factor = faultCase?.fault.deadlineFactor;
  const handle = await world.client.workflow.start(type, { taskQueue: world.taskQueue, workflowId, args: [input], ...(factor === undefined ? {} : { memo: { [DEADLINE_FACTOR]: factor } }) });
  watcher.handle = handle;
  const ended = await endOf(handle.result() as Promise<MigrateInstanceResult>);
  await sleep(SETTLE_MS);
  world.control.unwatch(workflowId);
  const requests = world.traffic.take(slot.url);
  world.traffic.setRate(slot.url, 0);
  if (ended.kind === 'Completed') slot.instanceId = ended.replacementId;

  const violations: Violation[] = [];
  const expected = faultCase === null || faultCase.fault.expects === 'same' ? scenario.expects : null;
  if (expected !== null && ended.kind !== expected) violations.push({ expected: `ends ${expected}`, found: `${ended.kind}: ${reasonsOf(ended).join('; ')}` });
  if (ended.kind === 'StillRunning') violations.push({ expected: `ends within ${LONGEST_MS / 1000} s`, found: 'it goes on' });
  if (requests.failed > 0) violations.push({ expected: '0 failed requests', found: `${requests.failed} of ${requests.sent}: ${JSON.stringify(requests.failures.slice(0, 3).map(({ outcome, sentAtMs }) => `${outcome} at +${sentAtMs - startedAtMs} ms`))}` });
  const owned = await world.resources.ownedBy(workflowId);
  violations.push(...checkHonesty('left' in ended ? ended.left : [], owned));
  if (ended.kind !== 'NeedsOperator') violations.push(...(await checkService(world.resources, slot, [ended.kind === 'Completed' ? ended.replacementId : sourceId])));
  const launched = await world.resources.launchedBy(handle.firstExecutionRunId);
  if (launched.length > 1) violations.push({ expected: 'one shadow at most', found: launched.join(', ') });
  violations.push(...(await checkAudit(world.audit, workflowId, watcher.seen, ended.kind !== 'Terminated' && ended.kind !== 'StillRunning')));
  const { historyLength } = await handle.describe();
  return {
    name: faultCase?.name ?? scenario.name,
    ended: ended.kind,
    reasons: reasonsOf(ended),
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

function reasonsOf(ended: Ended): readonly string[] {
  return 'reasons' in ended ? ended.reasons : [];
}

async function endOf(result: Promise<MigrateInstanceResult>): Promise<Ended> {
  result.catch(() => undefined);
  const hung = sleep(LONGEST_MS, { kind: 'StillRunning', reasons: [] } as const, { ref: false });
  try {
    return await Promise.race([result, hung]);
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    const kind = cause instanceof CancelledFailure ? 'Cancelled' : cause instanceof TerminatedFailure ? 'Terminated' : 'Failed';
    return { kind, reasons: [cause?.message ?? ''] };
  }
}
