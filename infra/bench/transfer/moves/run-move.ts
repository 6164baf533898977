import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrateInstanceResult } from '../../../../src/contracts/migrate-instance';
import type { KvClient } from '../../../local/demo/stateful/kv-client';
import type { KvReport } from '../../../local/demo/stateful/kv-ledger';
import { pauseOf } from '../../moves/moved-instance';
import type { MoveFault } from './move-faults';
import type { MovedService } from './moved-service';

/** What one move came to, as clients saw it. */
export interface MoveOutcome {
  readonly result: MigrateInstanceResult;
  /** Where the service is afterwards. */
  readonly instanceId: string;
  readonly pauseMs: number | null;
  readonly predictedMs: number | null;
  readonly report: KvReport;
  /** How long clients asked meanwhile. */
  readonly askedMs: number;
  /** Failed requests that nothing excuses. */
  readonly unexcused: number;
  /** Why the fault did not happen; null where it did. */
  readonly whyNot: string | null;
  readonly isAsExpected: boolean;
}

const SETTLE_MS = 1_000;

/** Moves the service from that instance while clients go on, and lets the fault happen. */
export async function runMove(service: MovedService, client: KvClient, sourceId: string, fault: MoveFault, maxPauseMs: number): Promise<MoveOutcome> {
  client.takeReport();
  const startedAtMs = Date.now();
  let beforeOutage: { readonly report: KvReport; readonly atMs: number } | null = null;
  let isOver = false;
  const handle = await service.move(sourceId, maxPauseMs);
  const faulty = fault.happens({ service, sourceId, until: (isSoFar) => service.moved.until(handle, isSoFar), isOver: () => isOver, noteOutage: () => void (beforeOutage = { report: client.takeReport(), atMs: Date.now() }) });
  const late = faulty.then(() => null, (error: unknown) => String(error));
  const result = await handle.result();
  isOver = true;
  const whyNot = await late;
  if (beforeOutage !== null) await service.startAgain(sourceId);
  await sleep(SETTLE_MS);
  const after = { report: client.takeReport(), atMs: Date.now() };
  const { report, atMs } = (beforeOutage as typeof after | null) ?? after;
  const isExcused = (outcome: string): boolean => fault.allowed?.test(outcome) === true;
  const pause = pauseOf(result);
  return {
    result,
    instanceId: result.kind === 'Completed' ? result.replacementId : sourceId,
    pauseMs: pause?.pauseMs ?? null,
    predictedMs: pause?.predictedMs ?? null,
    report,
    askedMs: atMs - startedAtMs,
    unexcused: report.firstFailures.some(({ outcome }) => !isExcused(outcome)) ? report.failed : 0,
    whyNot,
    isAsExpected: whyNot === null && result.kind === fault.expected,
  };
}
