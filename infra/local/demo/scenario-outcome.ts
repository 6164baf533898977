/** What a scenario found: facts for a reader, and what it meant to leave behind. */
export interface ScenarioOutcome {
  readonly facts: readonly string[];
  readonly meantToStay: readonly string[];
  /** Spans (from, to) in which requests may fail: a balancer takes a while to notice what died. */
  readonly mayFail: readonly (readonly [number, number])[];
  readonly violations: readonly string[];
}
