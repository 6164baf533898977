import type { JudgeState, QuestionState } from './judge-state';
import { REGRESSION_SIZES } from './observe-interval';
import { questionsFor, type Question } from './questions';
import type { RampGate } from './ramp-gate';
import { total } from './rank-evidence';
import { evidencePerRequest } from './rate-evidence';
import { logSum } from './running-evidence';
import { boundAlone, tolerancesFor, type Tolerance } from './tolerances';

/** Four different things: no data is neither healthy nor failing, and neither is too little of it. */
export type RampVerdict =
  | { readonly kind: 'pass'; readonly why: string }
  | { readonly kind: 'fail'; readonly why: string }
  /** `neededRequests`: so many more on the shadow are expected to settle it, if they go on as they did. `isSuspicious`: what was seen in this step rather speaks for something intolerable. */
  | { readonly kind: 'inconclusive'; readonly why: string; readonly neededRequests: number; readonly isSuspicious: boolean }
  | { readonly kind: 'noData'; readonly why: string };

/** What the looks so far come to. May be asked after each of them: that does not make a false abort more likely. */
export function verdictOf(state: JudgeState, gate: RampGate): RampVerdict {
  const asked = answersTo(state, gate);
  const against = evidenceAgainst(state, gate);
  const worst = asked.toSorted((a, b) => b.against - a.against)[0];
  if (worst !== undefined && against >= -Math.log(gate.falseAbortRate)) {
    return { kind: 'fail', why: `${sharesOf(worst.question, worst.known)}; the evidence against the shadow is ${factor(against)}, ${Math.round(1 / gate.falseAbortRate)} is enough` };
  }
  const { shadow, source } = state.stepRequests;
  if (shadow === 0) return { kind: 'noData', why: 'the shadow served no request in this step' };
  const needed = Math.max(gate.minRequests - shadow, ...tolerancesFor(state, gate).map((tolerance) => neededFor(tolerance, state, gate)));
  if (needed > 0) {
    const seconds = (needed / shadow) * (state.stepMs / 1000);
    const isSuspicious = Object.values(state.tolerable).some((evidence) => evidence < 0);
    const why = `${shadow} requests on the shadow${isSuspicious ? ', which rather look bad' : ''}, about ${needed} more are needed (${duration(seconds)} at the present rate)`;
    return { kind: 'inconclusive', why, neededRequests: needed, isSuspicious };
  }
  const findings = asked.map(({ question, known }) => sharesOf(question, known));
  return { kind: 'pass', why: `${shadow} requests beside ${state.besideSource ? `${source} on the source` : "the source's past"}: ${findings.join('; ')}` };
}

/** Natural logarithm of the evidence that the shadow is worse than it may be; -Infinity where nothing was seen. */
export function evidenceAgainst(state: JudgeState, gate: RampGate): number {
  return answersTo(state, gate).reduce((sum, one) => logSum(sum, one.against), -Infinity);
}

function answersTo(state: JudgeState, gate: RampGate) {
  return questionsFor(gate, state.thresholds).flatMap((question) => {
    const known = state.questions[question.name];
    return known === undefined ? [] : [{ question, known, against: logAgainst(question, known) }];
  });
}

function logAgainst(question: Question, known: QuestionState): number {
  return known.worse.reduce((sum, one) => logSum(sum, one), -Infinity) + Math.log(question.weight / REGRESSION_SIZES);
}

/** Requests of the shadow until something intolerable would be ruled out, if what was seen so far goes on. */
function neededFor(tolerance: Tolerance, state: JudgeState, gate: RampGate): number {
  const missing = -Math.log(gate.falsePassRate) - (state.tolerable[tolerance.name] ?? 0);
  if (missing <= 0) return 0;
  const { source, shadow } = state.stepRequests;
  const rates = { source: tolerance.rate, shadow: tolerance.rate };
  const gain = state.besideSource ? evidencePerRequest(tolerance.bound, source / shadow, rates) : evidencePerRequest(boundAlone(tolerance), 0, rates);
  return gain > 0 ? Math.ceil(missing / gain) : gate.minRequests;
}

function sharesOf(question: Question, { source, shadow }: QuestionState): string {
  return question.describe(percent(question, shadow), percent(question, source));
}

function percent(question: Question, counts: readonly number[]): string {
  const share = shareOf(question, counts);
  return share === null ? 'none' : `${share.toFixed(1)} %`;
}

/** The share (percent) of the worse answers: of ranks, what lies in the slower half, at the source half of all. Null where there was no request. */
export function shareOf(question: Question, counts: readonly number[]): number | null {
  const of = total(counts);
  const from = question.kind === 'rate' ? 1 : Math.floor(counts.length / 2);
  return of === 0 ? null : (100 * total(counts.slice(from))) / of;
}

function factor(log: number): string {
  return log > 12 ? 'over 100,000' : String(Number(Math.exp(log).toPrecision(2)));
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
