import { setTimeout as sleep } from 'node:timers/promises';
import { retryableFailure } from '../contracts/errors';

export interface CallPace {
  /** How long one call goes on looking and acting; shorter than an attempt of an activity may take. */
  readonly callMs: number;
  readonly betweenLooksMs: number;
}

/** Looks and acts, a step at a time, until it is done; where that takes longer than one call may, throws `NotReadyYet`, and Temporal calls again. */
export async function untilDone<T>({ callMs, betweenLooksMs }: CallPace, otherwise: string, step: () => Promise<{ readonly done: T } | { readonly why: string }>): Promise<T> {
  for (const untilMs = Date.now() + callMs; ; await sleep(betweenLooksMs)) {
    const outcome = await step();
    if ('done' in outcome) return outcome.done;
    if (Date.now() >= untilMs) throw retryableFailure('NotReadyYet', `${otherwise}: ${outcome.why}`);
  }
}
