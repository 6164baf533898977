import type { WorkflowHandle } from '@temporalio/client';
import type { CapacityNeedNow, HoldStatus, PreAllocateInput } from '../../../src/contracts/pre-allocate-capacity';
import { TEMPLATE, type CapacityBench } from './capacity-bench';
import { ZONES } from './fake-cloud';

export const MINUTE_MS = 60_000;
let windows = 0;

export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A window of its own that begins in 2 hours, by the skipped clock, and ends an hour later. */
export async function inputOf(bench: CapacityBench, change: Partial<PreAllocateInput> = {}): Promise<PreAllocateInput & Window> {
  const fromMs = (await bench.nowMs()) + 120 * MINUTE_MS + (windows += 1) * 1_000;
  const untilMs = fromMs + 60 * MINUTE_MS;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return { pool: 'shop', window: `${iso(fromMs)}/${iso(untilMs)}`, template: TEMPLATE, zones: ZONES, constraints: { allow: ['m7i.large'] }, leadMs: 30 * MINUTE_MS, ...change, fromMs, untilMs };
}

export async function hold(bench: CapacityBench, { fromMs: _, untilMs: __, ...input }: PreAllocateInput & Window): Promise<WorkflowHandle> {
  return bench.hold(input);
}

export function needing(needFromMs: number | null, vcpus = 2.8): CapacityNeedNow {
  return { needFromMs, shortfall: needFromMs === null ? { vcpus: 0, memoryMiB: 0 } : { vcpus, memoryMiB: 4096 }, why: ['as the test says'] };
}

export function statusOf(handle: WorkflowHandle): Promise<HoldStatus> {
  return handle.query<HoldStatus>('status');
}

/** Sleeps by the skipped clock. */
export async function sleepUntil(bench: CapacityBench, atMs: number): Promise<void> {
  await bench.env.sleep(Math.max(1, atMs - (await bench.nowMs())));
}
