import type { ContentionAssessment } from '../domain/contention';
import type { PlannedMove } from '../domain/fleet-plan/fleet-plan';
import type { LoadMetric, LoadUnit } from '../domain/forecast';

/** An instance as the fleet's table lists it. Percent is 0..100 of its shape. */
export interface InstanceRow {
  readonly instanceId: string;
  readonly name: string;
  readonly fleet: string;
  readonly service: string;
  readonly poolId: string;
  readonly shape: string;
  /** The last CPU that was collected; null where none was lately. */
  readonly cpuPercent: number | null;
  /** The quantile of the forecast peak that its pool is planned by; null without a forecast. */
  readonly cpuAheadPercent: number | null;
  /** Expected overloaded minutes within the plan's horizon where it stays; null without a forecast. */
  readonly overloadMinutes: number | null;
  /** When a load is expected to pass its limit; null where none is, or it is not known. */
  readonly runsOutAtMs: number | null;
  readonly planned: { readonly kind: PlannedMove['kind']; readonly toShape: string; readonly toPoolId: string; readonly startAtMs: number } | null;
  /** Why it is not moved; null where it is. */
  readonly held: string | null;
  readonly planId: string;
  readonly plannedAtMs: number;
}

/** The fleet as the latest ticks saw it; empty before the first. */
export interface InstancesView {
  readonly atMs: number | null;
  readonly horizonMs: number;
  readonly quantile: number;
  readonly cpuLimitPercent: number;
  readonly rows: readonly InstanceRow[];
}

/** What an instance's page shows beside its forecasts. */
export interface InstanceDetail {
  readonly instanceId: string;
  /** Null where no kept tick knew it. */
  readonly row: InstanceRow | null;
  readonly move: PlannedMove | null;
  /** Which loads have a forecast, the newest of each. */
  readonly forecasts: readonly { readonly metric: LoadMetric; readonly issuedAtMs: number; readonly horizonMs: number }[];
}

/** A forecast beside what was measured, for a chart. Step i stands for `issuedAtMs + (i + 1) * stepMs`. */
export interface ForecastView {
  readonly metric: LoadMetric;
  readonly unit: LoadUnit;
  readonly issuedAtMs: number;
  readonly stepMs: number;
  readonly model: string;
  readonly calibration: string;
  readonly limit: number | null;
  readonly levels: readonly number[];
  /** `[step][level]` */
  readonly quantiles: readonly (readonly number[])[];
  readonly actual: { readonly startAtMs: number; readonly stepMs: number; readonly values: readonly (number | null)[] };
  readonly events: readonly { readonly atMs: number; readonly label: string }[];
  readonly contention: ContentionAssessment;
}
