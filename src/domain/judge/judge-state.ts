import type { Dispersion } from './dispersion';
import type { LatencyThresholds } from './traffic-interval';

/** What is known of one question. Plain numbers: it goes from one look to the next through the workflow's history. */
export interface QuestionState {
  /** Log evidence of a regression, one for each size of it that is looked for. */
  readonly worse: readonly number[];
  /** Requests by class since the ramp began, the older ones fading. */
  readonly source: readonly number[];
  readonly shadow: readonly number[];
  readonly dispersion: Dispersion;
}

/** The judge's memory over a ramp and its bake. */
export interface JudgeState {
  /** Intervals up to here have been looked at. */
  readonly seenUntilMs: number;
  /** What is left to begin with at later looks; all of it is 1. */
  readonly unspent: number;
  /** What evidence begins with, in every millisecond and in every step besides. */
  readonly weightPerMs: number;
  readonly stepWeight: number;
  readonly stepBegins: boolean;
  /** False where the source takes no traffic any more: its past is what the shadow is held against then. */
  readonly besideSource: boolean;
  /** The part (0..1) of the traffic that the shadow gets when this step passes. */
  readonly nextShare: number;
  /** Of this step alone. */
  readonly stepRequests: { readonly source: number; readonly shadow: number };
  readonly stepMs: number;
  readonly thresholds: LatencyThresholds;
  readonly questions: Readonly<Record<string, QuestionState>>;
  /** Log evidence, in this step alone, that nothing intolerable goes on. */
  readonly tolerable: Readonly<Record<string, number>>;
}
