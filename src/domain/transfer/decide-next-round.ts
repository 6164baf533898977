import { modelOf, nextRoundMs, type RoundMeasure, type RoundModel, shortestRoundMs } from './round-model';

export interface PreCopyPolicy {
  /** The service may stand still for this long. */
  readonly maxPauseMs: number;
  /** What quiescing and handing over take beside the last round. */
  readonly handoverMs: number;
  /** Rounds after which it is given up. */
  readonly maxRounds: number;
}

export const DEFAULT_PRE_COPY: PreCopyPolicy = { maxPauseMs: 1_000, handoverMs: 20, maxRounds: 30 };

/** What comes next. The pause is predicted before it is begun; a stop comes before it, never in it. */
export type NextRound =
  | { readonly kind: 'continue'; readonly predictedRounds: number | null; readonly predictedPauseMs: number | null; readonly why: string }
  | { readonly kind: 'cutOver'; readonly predictedPauseMs: number; readonly why: string }
  | { readonly kind: 'stop'; readonly predictedPauseMs: number | null; readonly why: string };

/** Incremental rounds after which a prediction is believed: one or two may be the luck of the moment, and a pause is not begun on luck. */
const ROUNDS_TO_BELIEVE = 3;

/** Decides from what the rounds came to whether to go on, to cut over or to stop. Pure; every answer has its reason. */
export function decideNextRound(rounds: readonly RoundMeasure[], policy: PreCopyPolicy): NextRound {
  const model = modelOf(rounds);
  const last = rounds.at(-1);
  if (model === null || last === undefined) return { kind: 'continue', predictedRounds: null, predictedPauseMs: null, why: 'what changes meanwhile is not known yet' };
  const pauseMs = policy.handoverMs + nextRoundMs(model, last.durationMs);
  const believed = rounds.length > ROUNDS_TO_BELIEVE;
  if (pauseMs <= policy.maxPauseMs && believed) return { kind: 'cutOver', predictedPauseMs: pauseMs, why: `the pause is predicted at ${ms(pauseMs)}, ${ms(policy.maxPauseMs)} are allowed` };
  const bestMs = policy.handoverMs + shortestRoundMs(model);
  if (believed && bestMs > policy.maxPauseMs) return { kind: 'stop', predictedPauseMs: Number.isFinite(bestMs) ? bestMs : null, why: whyNever(model, bestMs, policy) };
  if (rounds.length >= policy.maxRounds) return { kind: 'stop', predictedPauseMs: pauseMs, why: `${rounds.length} rounds did not bring the pause below ${ms(policy.maxPauseMs)}; it would be ${ms(pauseMs)}` };
  if (pauseMs <= policy.maxPauseMs) return { kind: 'continue', predictedRounds: ROUNDS_TO_BELIEVE + 1 - rounds.length, predictedPauseMs: pauseMs, why: `the pause would be ${ms(pauseMs)}, by ${rounds.length - 1} of the ${ROUNDS_TO_BELIEVE} rounds that are believed` };
  return { kind: 'continue', predictedRounds: roundsUntil(model, last.durationMs, policy), predictedPauseMs: pauseMs, why: `the pause would be ${ms(pauseMs)} now, ${ms(policy.maxPauseMs)} are allowed` };
}

function whyNever({ dirtyBytesPerSecond, throughputBytesPerSecond }: RoundModel, bestMs: number, { maxPauseMs }: PreCopyPolicy): string {
  if (!Number.isFinite(bestMs)) return `${megabytes(dirtyBytesPerSecond)}/s change and ${megabytes(throughputBytesPerSecond)}/s can be sent: rounds do not get shorter`;
  return `the pause would not come below ${ms(bestMs)}, ${ms(maxPauseMs)} are allowed: ${megabytes(dirtyBytesPerSecond)}/s change, ${megabytes(throughputBytesPerSecond)}/s can be sent`;
}

// Null: not within the rounds that are allowed.
function roundsUntil(model: RoundModel, lastMs: number, { handoverMs, maxPauseMs, maxRounds }: PreCopyPolicy): number | null {
  let roundMs = lastMs;
  for (let rounds = 1; rounds <= maxRounds; rounds++) {
    roundMs = nextRoundMs(model, roundMs);
    if (handoverMs + nextRoundMs(model, roundMs) <= maxPauseMs) return rounds;
  }
  return null;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
