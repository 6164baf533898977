import { inflationOf, NO_DISPERSION, observeDifference } from './dispersion';
import type { JudgeState, QuestionState } from './judge-state';
import { pastRate, pastShares } from './past-rate';
import { questionsFor, type Question } from './questions';
import type { RampGate } from './ramp-gate';
import { logRankEvidence, logRankEvidenceAlone, standardizedScoreDifference, tilted, total } from './rank-evidence';
import { boundedRate, logEvidence, withOdds } from './rate-evidence';
import { accumulate, NO_EVIDENCE } from './running-evidence';
import { boundAlone, tolerancesFor } from './tolerances';
import type { SideCounts, TrafficInterval } from './traffic-interval';

/** Sizes of regression that are looked for, equal parts of the evidence each: so many times the odds of what is allowed ... */
const REGRESSION_ODDS = [1.5, 4, 20];
/** ... and so many standard deviations of the logarithm of the times. */
const REGRESSION_SHIFTS = [0.25, 0.75, 2];
export const REGRESSION_SIZES = REGRESSION_ODDS.length;
/** Older counts fade by this much an interval: load changes over the day. */
const FADING = 0.99;
/** More evidence than this within `shortestBadMs` is not counted. */
const CONVICTS_AT_MOST = Math.log(1e5);
const FEWEST_TO_COMPARE = 5;
const NOTHING: SideCounts = { requests: 0, errors: 0, answers: 0, slower: [] };

/** Takes one interval into account. Intervals come in order; one that was seen already changes nothing. */
export function observeInterval(state: JudgeState, interval: TrafficInterval, gate: RampGate): JudgeState {
  if (interval.fromMs < state.seenUntilMs) return state;
  const lastsMs = interval.toMs - interval.fromMs;
  const sides = { source: state.besideSource ? interval.source : NOTHING, shadow: interval.shadow };
  const begins = sides.shadow.requests > 0;
  const weight = begins ? Math.min(state.unspent, lastsMs * state.weightPerMs + (state.stepBegins ? state.stepWeight : 0)) : 0;
  const cap = (CONVICTS_AT_MOST * lastsMs) / (state.besideSource ? gate : gate.alone).shortestBadMs;
  const questions = questionsFor(gate, state.thresholds).map((question) => [question.name, observe(state, question, sides, { gate, weight, cap })] as const);
  const tolerable = tolerancesFor(state, gate).map((tolerance) => {
    const bound = state.besideSource ? tolerance.bound : boundAlone(tolerance);
    const counts = { source: tolerance.tally(sides.source), shadow: tolerance.tally(sides.shadow) };
    return [tolerance.name, (state.tolerable[tolerance.name] ?? 0) + logEvidence(bound, counts, { source: tolerance.rate, shadow: tolerance.rate })] as const;
  });
  return {
    ...state,
    seenUntilMs: interval.toMs,
    unspent: state.unspent - weight,
    stepBegins: state.stepBegins && !begins,
    stepRequests: { source: state.stepRequests.source + sides.source.requests, shadow: state.stepRequests.shadow + sides.shadow.requests },
    stepMs: state.stepMs + lastsMs,
    questions: { ...state.questions, ...Object.fromEntries(questions) },
    tolerable: Object.fromEntries(tolerable),
  };
}

function observe(state: JudgeState, question: Question, sides: Pick<TrafficInterval, 'source' | 'shadow'>, look: { gate: RampGate; weight: number; cap: number }): QuestionState {
  const none = question.believed.map(() => 0);
  const before = state.questions[question.name] ?? { worse: Array.from({ length: REGRESSION_SIZES }, () => NO_EVIDENCE), source: none, shadow: none, dispersion: NO_DISPERSION };
  const counts = { source: question.classes(sides.source), shadow: question.classes(sides.shadow) };
  const inflation = inflationOf(before.dispersion);
  const evidence = question.kind === 'rate' ? rateEvidence(question, before, counts, state, look.gate) : rankEvidence(question, before, counts, state);
  return {
    worse: evidence.map((gained, i) => accumulate(before.worse[i] ?? NO_EVIDENCE, look.weight, Math.min(gained, look.cap) / inflation)),
    source: fade(before.source, counts.source),
    shadow: fade(before.shadow, counts.shadow),
    dispersion: observeDifference(before.dispersion, standardizedScoreDifference(counts.source, counts.shadow, question.kind === 'ranks' ? question.scores : [0, 1], FEWEST_TO_COMPARE)),
  };
}

interface Classes {
  readonly source: readonly number[];
  readonly shadow: readonly number[];
}

function rateEvidence(question: Question & { kind: 'rate' }, before: QuestionState, counts: Classes, { besideSource }: JudgeState, gate: RampGate): number[] {
  const source = pastRate(before.source, question.believed);
  const always = question.bound.ratio === 0;
  const bound = besideSource || always ? question.bound : boundAlone({ bound: gate.alone.errors, rate: total(before.source) > 0 ? source : 0 });
  const tallyOf = (classes: readonly number[]): { count: number; of: number } => ({ count: classes[1] ?? 0, of: total(classes) });
  const tallies = { source: tallyOf(counts.source), shadow: tallyOf(counts.shadow) };
  const allowed = boundedRate(bound, source);
  return REGRESSION_ODDS.map((odds) => logEvidence(bound, tallies, { source, shadow: withOdds(allowed, odds) }));
}

function rankEvidence(question: Question & { kind: 'ranks' }, before: QuestionState, counts: Classes, { besideSource }: JudgeState): number[] {
  const source = pastShares(before.source, question.believed);
  return REGRESSION_SHIFTS.map((shift) => {
    const shadow = tilted(source, question.scores, shift);
    return besideSource ? logRankEvidence(counts, { source, shadow }) : logRankEvidenceAlone(counts.shadow, source, shadow);
  });
}

function fade(before: readonly number[], now: readonly number[]): readonly number[] {
  const keep = total(now) > 0 ? FADING : 1;
  return before.map((count, i) => count * keep + (now[i] ?? 0));
}
