import { ApplicationFailure, rootCause } from '@temporalio/common';
import { ActivityFailure } from '@temporalio/workflow';

/** Every place that was tried was refused: an answer, not a failure. */
export class NoCapacity extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(rootCause(reasons[0]) ?? 'no capacity on any rung');
    this.name = 'NoCapacity';
  }
}

export type CapacityRefusal = 'InsufficientCapacity' | 'QuotaExceeded';

/** Which refusal of capacity a failed activity stands for, so that the next place may be tried; null: it is none. */
export function capacityRefusalOf(error: unknown): CapacityRefusal | null {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return null;
  const { type } = error.cause;
  return type === 'InsufficientCapacity' || type === 'QuotaExceeded' ? type : null;
}
