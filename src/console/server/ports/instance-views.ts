import type { StoredPlan } from '../../../activities/plan-port';
import type { AuditRecord } from '../../../contracts/audit';
import { assessContention, type ContentionAssessment } from '../../../domain/contention';
import { policyQuantile } from '../../../domain/cost-quantile';
import type { HeldInstance, PlannedMove } from '../../../domain/fleet-plan/fleet-plan';
import { DEFAULT_PLAN_POLICY, type FleetPlanPolicy } from '../../../domain/fleet-plan/plan-policy';
import type { WeighedInstance } from '../../../domain/fleet-plan/weigh-instance';
import type { ForecastsByMetric, LoadMetric, ResourceForecast } from '../../../domain/forecast';
import { loadLimits } from '../../../domain/load-limits';
import { MIGRATION_PHASES } from '../../../domain/migration-phase';
import { DEFAULT_POLICY } from '../../../domain/migration-policy';
import { quantileAt } from '../../../domain/quantile-function';
import type { ForecastView, InstanceRow } from '../../instance-api';

/** What a chart draws of the 19 quantiles: bands of 50, 80 and 90 %, and the median. */
const LEVELS_SHOWN = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
/** Less expected overload than this threatens nothing. */
const THREAT_MINUTES = 1;

const FIRST_PHASE = `entered phase ${MIGRATION_PHASES[0]}`;

/** Minutes of overload that are expected where it stays; 0 without a forecast. */
export function overloadOf({ sizing }: WeighedInstance): number {
  return sizing.kind === 'unknown' ? 0 : sizing.stayOverloadMinutes;
}

/** Whether overload is to be expected where it stays. */
export function atRisk(instance: WeighedInstance): boolean {
  return overloadOf(instance) >= THREAT_MINUTES;
}

/** An instance's line in the fleet's table, from what the tick weighed and the plan decided. */
export function instanceRow(
  { instanceId, name, fleet, service, poolId, shape, sizing, demandVcpus }: WeighedInstance,
  { planId, atMs }: Pick<StoredPlan, 'planId' | 'atMs'>,
  { move, held, cpuPercent, onsetAtMs }: { readonly move: PlannedMove | null; readonly held: HeldInstance | null; readonly cpuPercent: number | null; readonly onsetAtMs: number | null },
): InstanceRow {
  const known = sizing.kind !== 'unknown';
  return {
    instanceId,
    name,
    fleet,
    service,
    poolId,
    shape: shape.name,
    cpuPercent,
    cpuAheadPercent: known ? (100 * demandVcpus) / shape.vcpus : null,
    overloadMinutes: known ? sizing.stayOverloadMinutes : null,
    runsOutAtMs: onsetAtMs ?? move?.deadlineAtMs ?? null,
    planned: move === null ? null : { kind: move.kind, toShape: move.toShape, toPoolId: move.toPoolId, startAtMs: move.startAtMs },
    held: held?.reason ?? (known ? null : sizing.reason),
    planId,
    plannedAtMs: atMs,
  };
}

interface OutlookOf {
  /** Null where no tick knew the instance: then the network has no limit. */
  readonly instance: WeighedInstance | null;
  readonly policy: FleetPlanPolicy;
  readonly horizonMs: number;
  readonly nowMs: number;
}

/** Forecasts held against the limits that plans judge by, with the certainty that a migration asks for. */
export function outlookOf(forecasts: ForecastsByMetric, { instance, policy, horizonMs, nowMs }: OutlookOf): ContentionAssessment {
  const { forecast } = DEFAULT_POLICY;
  return assessContention({ forecasts, limits: limitsOf(instance, policy), policy: { horizonMs, quantile: policyQuantile(forecast), minProbability: forecast.minProbability, minLeadMs: 0 }, nowMs });
}

function limitsOf(instance: WeighedInstance | null, { sizing: { limitPercent } }: FleetPlanPolicy): Partial<Record<LoadMetric, number>> {
  return instance === null ? { cpuPercent: limitPercent.cpu, memoryPercent: limitPercent.memory } : loadLimits(instance.shape, limitPercent);
}

interface Beside {
  readonly horizonMs: number;
  readonly nowMs: number;
  readonly of: { readonly instance: WeighedInstance; readonly plan: StoredPlan } | null;
  readonly actual: ForecastView['actual'];
  /** Of the instance's migrations: how they ended, and the phases that they entered. */
  readonly records: readonly AuditRecord[];
}

/** A forecast for a chart: as far as it is wanted, at the levels that are drawn, beside what was measured and done. */
export function forecastView(forecast: ResourceForecast, { horizonMs, nowMs, of, actual, records }: Beside): ForecastView {
  const { metric, unit, issuedAtMs, stepMs, origin, levels, quantiles } = forecast;
  const policy = of?.plan.policy ?? DEFAULT_PLAN_POLICY;
  const instance = of?.instance ?? null;
  const steps = quantiles.slice(0, Math.max(1, Math.ceil((nowMs + horizonMs - issuedAtMs) / stepMs)));
  return {
    metric,
    unit,
    issuedAtMs,
    stepMs,
    model: `${origin.model} ${origin.version}`,
    calibration: calibrationOf(forecast),
    limit: limitsOf(instance, policy)[metric] ?? null,
    levels: LEVELS_SHOWN,
    quantiles: steps.map((values) => LEVELS_SHOWN.map((level) => quantileAt({ levels, values }, level))),
    actual,
    events: records.toSorted((a, b) => a.atMs - b.atMs).flatMap(eventOf),
    contention: outlookOf({ [metric]: forecast }, { instance, policy, horizonMs, nowMs }),
  };
}

/** A migration's beginning and its end: what lies between would hide the curve. */
function eventOf({ atMs, kind, summary }: AuditRecord): ForecastView['events'] {
  if (kind === 'outcome') return [{ atMs, label: `migration ended: ${summary}` }];
  return summary === FIRST_PHASE ? [{ atMs, label: 'migration began' }] : [];
}

function calibrationOf({ origin: { calibration } }: ResourceForecast): string {
  if (calibration === undefined) return 'not calibrated';
  return calibration.kind === 'none' ? `not calibrated: ${calibration.reason}` : `calibrated by ${calibration.forecasts} earlier forecasts`;
}
