import { DEFAULT_GATE, type RampGate } from './judge/ramp-gate';

/** Everything that a migration may be told about pace, gates and limits. All durations in milliseconds. */
export interface MigrationPolicy {
  readonly forecast: {
    readonly horizonMs: number;
    readonly quantile: number;
    /** What one unit too little costs in units too much (9: as dear as nine units idle); it then sets the quantile. See `policyQuantile`. */
    readonly underToOverCostRatio?: number;
    readonly minProbability: number;
    readonly limitPercent: number;
  };
  readonly target: { readonly utilizationPercent: number; readonly maxRungs: number };
  readonly sync: {
    /** Of snapshots, where the strategy is `image`. */
    readonly maxRounds: number;
    readonly maxLagBytes: number;
    /** How long a service whose state is handed over may stand still. */
    readonly maxPauseMs: number;
    /** How long its state may take to come to where that is possible. */
    readonly maxCopyMs: number;
  };
  readonly ramp: {
    /** Rising percentages of the source's traffic; the last is 100. */
    readonly stepsPercent: readonly number[];
    readonly stepMs: number;
    /** Time between two looks at the traffic. */
    readonly lookMs: number;
    /** How long after a minute its metrics may still be incomplete; AWS states no bound. */
    readonly metricsSettleMs: number;
    /** How many times a step without evidence may be repeated ... */
    readonly maxHolds: number;
    /** ... before the migration goes back, or an operator is asked to let it go on without. */
    readonly withoutEvidence: 'goBack' | 'askOperator';
    readonly gate: RampGate;
  };
  readonly bakeMs: number;
  /**
   * How long a balancer may go on using weights after it answers with new ones: no target that the old weights lead to may
   * be taken away before. AWS states no bound; observed are a few seconds.
   */
  readonly weightsSettleMs: number;
  /** How long polls wait between two looks at a resource that is not ready yet. */
  readonly pollMs: number;
  readonly approvalTimeoutMs: number;
  /** Where the console answers, for links; absent where nobody told. */
  readonly consoleUrl?: string;
}

/** Production's pace: CloudWatch's one-minute metrics need two minutes a step to say anything. */
export const DEFAULT_POLICY: MigrationPolicy = {
  forecast: { horizonMs: 2 * 3_600_000, quantile: 0.9, minProbability: 0.5, limitPercent: 85 },
  target: { utilizationPercent: 70, maxRungs: 6 },
  sync: { maxRounds: 3, maxLagBytes: 0, maxPauseMs: 1_000, maxCopyMs: 86_400_000 },
  ramp: {
    stepsPercent: [1, 5, 25, 50, 100],
    stepMs: 120_000,
    lookMs: 120_000,
    metricsSettleMs: 60_000,
    maxHolds: 3,
    withoutEvidence: 'goBack',
    gate: DEFAULT_GATE,
  },
  bakeMs: 600_000,
  weightsSettleMs: 15_000,
  pollMs: 5_000,
  approvalTimeoutMs: 3_600_000,
};
