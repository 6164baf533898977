/** How a workload is scaled. Percent is of what a member was allocated, 0..100. */
export interface ScalingPolicy {
  /** Which end of the profile's interval present use is compared with. `lower` scales earlier. */
  readonly bound: 'lower' | 'upper';
  /** Probabilities between which the interval lies. */
  readonly interval: readonly [number, number];
  /** Percent of the present capacity that is added for each point of use beyond the bound. */
  readonly sensitivity: number;
  /** Use above it counts as overloaded; also the bound where the profile's is higher, or there is none. */
  readonly limitPercent: number;
  /** How often the profile is asked for bursts, and how far ahead. */
  readonly burstPredictionIntervalMs: number;
  readonly burstWithinMinutes: number;
  /** The quantile of a burst's size that is prepared for. */
  readonly burstLevel: number;
  /** How long a burst is where the profile does not say. */
  readonly burstMinutes: number;
  /** So long before it is needed a change is begun: what a new member takes to serve. */
  readonly leadMs: number;
  /** Capacity in windows of the calendar, as a multiple of the usual one. */
  readonly peakFactor: number;
  /** What a minute above the limit costs the service. */
  readonly usdPerOverloadedMinute: number;
  /** How long an addition is expected to be kept, when it is weighed. */
  readonly keptMinutes: number;
  /** Members, or steps of shape, that are added at most. */
  readonly maximumAdded: number;
  /** Least time between a change and one back, and between a refusal and the next attempt. */
  readonly cooldownMs: number;
  /** Looks in a row that must call for less before anything is taken back. */
  readonly calmLooks: number;
  /** So far below the bound (0..1 of it) use must be once less serves. */
  readonly hysteresisShare: number;
}

export const DEFAULT_SCALING_POLICY: ScalingPolicy = {
  bound: 'upper',
  interval: [0.1, 0.9],
  sensitivity: 2,
  limitPercent: 80,
  burstPredictionIntervalMs: 15 * 60_000,
  burstWithinMinutes: 30,
  burstLevel: 0.9,
  burstMinutes: 30,
  leadMs: 10 * 60_000,
  peakFactor: 2,
  usdPerOverloadedMinute: 0.05,
  keptMinutes: 60,
  maximumAdded: 10,
  cooldownMs: 20 * 60_000,
  calmLooks: 3,
  hysteresisShare: 0.1,
};
