import type { SourceSnapshot } from './source-snapshot';
import { isHandedOver, type SyncStrategy } from './sync-strategy';
import type { TargetRung } from './target-ladder';
import type { MigrationPolicy } from './migration-policy';

/** Everything that a migration would do, before it does any of it. */
export interface MigrationPlan {
  readonly instanceId: string;
  readonly from: { readonly zone: string; readonly shape: string; readonly usdPerHour: number };
  /** In the order in which they are tried. */
  readonly rungs: readonly TargetRung[];
  /** Where they are, if not in the source's region. */
  readonly region?: string;
  readonly sync: SyncStrategy;
  readonly creates: readonly string[];
  readonly changes: readonly string[];
  readonly terminates: readonly string[];
  readonly cost: PlanCost;
  readonly why: readonly string[];
}

export interface PlanCost {
  readonly hourlyBeforeUsd: number;
  readonly hourlyAfterUsd: number;
  /** Both instances run until the source is gone. */
  readonly doubleRunningMs: number;
  readonly doubleRunningUsd: number;
}

/** Launch, image and sync take this long beside the ramp and the bake; AWS gives no bound, minutes are usual. */
const PREPARATION_MS = 10 * 60_000;

export interface PlanInput {
  readonly source: SourceSnapshot;
  readonly sourceUsdPerHour: number;
  readonly rungs: readonly TargetRung[];
  /** The one that the rungs are in, if not the source's. */
  readonly region?: string;
  readonly sync: SyncStrategy;
  readonly policy: MigrationPolicy;
  readonly reasons: readonly string[];
}

/** Writes down what would be created, changed and terminated, what it costs and why. Expects at least one rung. */
export function planMigration({ source, sourceUsdPerHour, rungs, region, sync, policy, reasons }: PlanInput): MigrationPlan {
  const first = rungs[0];
  if (first === undefined) throw new RangeError('a plan needs at least one rung');
  // The source alone is looked at before the first step, for as long as one.
  const steps = isHandedOver(sync) ? 1 : policy.ramp.stepsPercent.length;
  const rampMs = (steps + 1) * (policy.ramp.stepMs + policy.ramp.metricsSettleMs);
  const doubleRunningMs = PREPARATION_MS + rampMs + policy.bakeMs;
  return {
    instanceId: source.instanceId,
    from: { zone: source.zone, shape: source.shape, usdPerHour: sourceUsdPerHour },
    rungs,
    ...(region === undefined ? {} : { region }),
    sync,
    creates: [
      ...(first.into === undefined ? [`capacity reservation: 1 x ${first.shape} in ${first.zone}, targeted`] : []),
      `image of ${source.instanceId} with ${1 + source.dataVolumes.length} snapshot(s), removed at the end`,
      ...(region === undefined ? [] : [`a copy of that in ${region}, removed at the end`]),
      `instance ${first.shape} in ${first.zone}${first.into === undefined ? '' : `, into ${first.into.capacityId}`} with ${1 + source.dataVolumes.length} volume(s)`,
      ...(source.traffic ? ['2 temporary target groups, removed at the end'] : []),
    ],
    changes: [
      ...(isHandedOver(sync) ? [`${source.instanceId} stands still for ${policy.sync.maxPauseMs} ms at most while its state is handed over`] : []),
      ...(source.traffic?.routes ?? []).map(
        (route) => `weights of ${route.kind} ${shortArn(route.arn)}: ${(isHandedOver(sync) ? [100] : policy.ramp.stepsPercent).join(' -> ')} % of the source's traffic`,
      ),
    ],
    terminates: [`instance ${source.instanceId} (${source.shape} in ${source.zone})`],
    cost: {
      hourlyBeforeUsd: sourceUsdPerHour,
      hourlyAfterUsd: first.usdPerHour,
      doubleRunningMs,
      doubleRunningUsd: (doubleRunningMs / 3_600_000) * first.usdPerHour,
    },
    why: [...reasons, first.why],
  };
}

function shortArn(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}
