import { ApplicationFailure } from '@temporalio/common';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../../contracts/migrate-instance';
import type { ForecastOutcome } from '../../contracts/migration-activities';
import { FLEET_TAG } from '../../contracts/workflow-ids';
import { planMigration, type MigrationPlan } from '../../domain/migration-plan';
import { syncStrategyOf } from '../../domain/sync-strategy';
import { planTargetLadder } from '../../domain/target-ladder';
import { say } from '../activity-proxies';
import { acts, slowReads } from './activities';
import { findTarget } from './find-target';
import type { Migration, PlannedMigration } from './migration';
import { regionOf } from './place';

type Planned = { readonly kind: 'Go'; readonly migration: PlannedMigration } | Extract<MigrateInstanceResult, { kind: 'Planned' | 'Refused' }>;

/** Reads the source, forecasts it and writes the plan; reads only. A dry run ends here. @param adapt where it is not to be carried out to its end */
export async function makePlan(migration: Migration, enterPlan: () => Promise<void>, adapt: (plan: MigrationPlan) => MigrationPlan = (plan) => plan): Promise<Planned> {
  const { input, policy, progress } = migration;
  const source = await say(acts.describeSource, `Read ${input.instanceId}`, { instanceId: input.instanceId });
  progress.serves(source.service, source.tags[FLEET_TAG] ?? null);
  // Found out at its end, past the point of no return, it would leave both running.
  if (source.cannotEnd !== undefined && input.dryRun !== true) throw ApplicationFailure.create({ type: 'Unauthorized', nonRetryable: true, message: source.cannotEnd });
  const forecast = await say(slowReads.forecastInstance, `Forecast ${input.instanceId}`, {
    instanceId: input.instanceId,
    shape: source.shape,
    policy: policy.forecast,
  });
  const because = explain(forecast, input.reason);
  progress.headline = because[0] ?? '';
  progress.note(forecast.assessment.contended ? 'contention ahead' : 'no contention ahead');
  await progress.audit('decision', 'forecast', { reason: because.join('; '), detail: forecast });
  if (input.onlyIfContended === true && !forecast.assessment.contended) {
    throw ApplicationFailure.create({
      type: 'StaleDecision',
      nonRetryable: true,
      message: `on fresh data ${input.instanceId} is no longer forecast to run out: ${forecast.assessment.explanation.join('; ')}`,
    });
  }

  const sync = syncStrategyOf(input.sync, source.tags);
  if ('problem' in sync) throw ApplicationFailure.create({ type: 'InvalidInput', nonRetryable: true, message: sync.problem });
  await enterPlan();
  const target = await findTarget(migration, source);
  if (target.kind === 'Refused') return target;
  const { there, network } = target;
  migration.there = there;
  progress.region = there.other?.region;
  const wanted = { shape: source.shape, fleet: source.tags[FLEET_TAG] ?? null };
  const options = await say(there.acts.listTargetOptions, 'Shapes, zones and prices', { vpcId: network?.vpcId ?? source.vpcId, ...wanted });
  // What the source costs is its own region's price.
  const { sourceShape } = network === null ? options : await say(acts.listTargetOptions, "The source's price", { vpcId: source.vpcId, ...wanted });
  const avoided = input.avoidZones ?? [];
  const rungs = planTargetLadder({
    sourceZone: source.zone,
    sourceShape: options.sourceShape,
    shapes: options.shapes,
    zones: options.zones.filter(({ zone }) => !avoided.includes(zone)),
    owned: (options.owned ?? []).filter(({ capacityId }) => !avoided.includes(capacityId)),
    onHost: source.hostId !== undefined,
    ...(input.into === undefined ? {} : { into: input.into }),
    ...peaksOf(forecast),
    // A shape that a fleet plan chose was weighed over a whole day: here it only must not run out at once.
    targetUtilizationPercent: input.queueId !== undefined && input.shapes !== undefined ? policy.forecast.limitPercent : policy.target.utilizationPercent,
    ...(input.zones ? { allowedZones: input.zones } : {}),
    ...(input.shapes ? { allowedShapes: input.shapes } : {}),
    maxRungs: policy.target.maxRungs,
  });
  if (rungs.length === 0) return { kind: 'Refused', error: 'NoTarget', reasons: [noTarget(input, source.hostId !== undefined)] };
  const cannotEnd = source.cannotEnd === undefined ? [] : [`not to be carried out: ${source.cannotEnd}`];
  const plan = adapt(planMigration({ source, sourceUsdPerHour: sourceShape.usdPerHour, rungs, sync: sync.strategy, policy, reasons: [...because, ...(network?.notes ?? []), ...cannotEnd], ...regionOf(there) }));
  const receipt = await progress.audit('decision', input.dryRun === true ? 'plan (dry run)' : 'plan', { reason: because.join('; '), detail: plan });
  progress.planHash = receipt.detailDigest;
  progress.note(`${source.shape} in ${source.zone} -> ${rungs[0]?.shape ?? ''} in ${rungs[0]?.zone ?? ''}`);
  if (input.dryRun === true) {
    return { kind: 'Planned', plan, forecasts: forecast.forecasts, assessment: forecast.assessment, planHash: receipt.detailDigest };
  }
  return { kind: 'Go', migration: { ...migration, source, plan, network } };
}

function explain(forecast: ForecastOutcome, reason: string | undefined): string[] {
  return [...(reason === undefined ? [] : [reason]), ...forecast.assessment.explanation];
}

/** Without a forecast of a metric the target must at least be as large as the source: 100 % of it. */
function peaksOf(forecast: ForecastOutcome): { peakCpuPercent: number; peakMemoryPercent: number } {
  const peak = (metric: string): number | undefined => forecast.forecasts.find((summary) => summary.metric === metric)?.peakP90;
  return { peakCpuPercent: peak('cpuPercent') ?? 70, peakMemoryPercent: peak('memoryPercent') ?? 70 };
}

function noTarget({ region, zones, shapes, avoidZones, into }: MigrateInstanceInput, onHost: boolean): string {
  const within = [into ?? (onHost ? 'dedicated hosts of its fleet with free vCPUs' : ''), region ? `region ${region}` : '', zones ? `zones ${zones.join(', ')}` : '', avoidZones ? `zones other than ${avoidZones.join(', ')}` : '', shapes ? `shapes ${shapes.join(', ')}` : ''].filter((part) => part !== '');
  return `no shape fits the forecast${within.length > 0 ? ` within ${within.join(' and ')}` : ''}`;
}
