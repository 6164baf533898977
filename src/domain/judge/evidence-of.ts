import type { JudgeState } from './judge-state';
import { questionsFor } from './questions';
import type { RampGate } from './ramp-gate';
import { evidenceAgainst, shareOf } from './verdict-of';

/** What a verdict rests on, as figures for a reader; shares in percent. */
export interface RampEvidence {
  /** Of this step alone. */
  readonly requests: { readonly source: number; readonly shadow: number };
  /** False where the shadow is held against the source's past. */
  readonly besideSource: boolean;
  /** Natural logarithm of the evidence that the shadow is worse; null where nothing was seen. */
  readonly logAgainst: number | null;
  /** From this on the shadow fails. */
  readonly logEnough: number;
  /** Errors: the share that failed. Latency: the share that took longer than the source's median so far. Null where nothing was seen. */
  readonly questions: readonly { readonly name: string; readonly sourcePercent: number | null; readonly shadowPercent: number | null }[];
}

/** The figures of the looks so far. */
export function evidenceOf(state: JudgeState, gate: RampGate): RampEvidence {
  const logAgainst = evidenceAgainst(state, gate);
  return {
    requests: state.stepRequests,
    besideSource: state.besideSource,
    logAgainst: Number.isFinite(logAgainst) ? logAgainst : null,
    logEnough: -Math.log(gate.falseAbortRate),
    questions: questionsFor(gate, state.thresholds).flatMap((question) => {
      const known = state.questions[question.name];
      return known === undefined ? [] : [{ name: question.name, sourcePercent: shareOf(question, known.source), shadowPercent: shareOf(question, known.shadow) }];
    }),
  };
}
