import type { CapacityActivities } from '../../contracts/capacity-activities';
import type { ProvisionReplicasInput } from '../../contracts/provision-replicas';
import { maximumUsdPerHour } from '../../domain/capacity/budget';
import { DEFAULT_QUANTILE, DEFAULT_TARGET_UTILIZATION_RATIO } from '../../domain/capacity/need-defaults';
import { demandOfReplicas } from '../../domain/capacity/demand';
import type { ServiceDemand } from '../../domain/capacity/demand';
import type { ShapeDemand } from '../../domain/shapes/shape-demand';
import { say } from '../activity-proxies';
import { Refusal } from '../refusal';
import type { ProvisionRun, ReplicaPlan } from './provision-run';

const DAY_MS = 86_400_000;
const MOST_BY_CHOICE = 20;
/** Launch, checks and target health take about so many polls. */
const READY_POLLS = 50;

/** Demand, shapes, zones, quota and budget: what will be done, or a `Refusal`. Reads only. */
export async function planReplicas(run: ProvisionRun, digest: string): Promise<ReplicaPlan> {
  const { input, story, policy, desk, region: { acts } } = run;
  const { durationMs = DAY_MS, count, targetUtilizationRatio = DEFAULT_TARGET_UTILIZATION_RATIO } = input;
  const template = await say(acts.describeTemplate, 'Read the template', { template: input.template, targetGroups: input.targetGroups ?? null });
  const service = input.service ?? template.service;
  story.trail.serves(service);
  const minimum = count ?? input.minimum ?? 1;
  const maximum = count ?? input.maximum ?? Math.max(minimum, MOST_BY_CHOICE);
  const { demand, present, why } = await demandOf(run, service, { minimum, durationMs, targetUtilizationRatio });
  story.headline = why[0] ?? '';
  story.note(`${demand.peak.vcpus.toFixed(2)} vCPUs and ${(demand.peak.memoryMiB / 1024).toFixed(1)} GiB at the peak`);

  const survey = await say(acts.surveyShapes, 'Shapes, prices, zones and quota', {
    demand,
    durationMs,
    minimum,
    maximum,
    architecture: template.architecture,
    vpcId: template.vpcId,
    balancerZones: template.balancerZones,
    templateShape: template.shape,
    need: input,
  });
  const [chosen] = survey.options;
  if (survey.overBudget !== null) throw new Refusal('BudgetExceeded', [survey.overBudget]);
  if (chosen === undefined) throw new Refusal('NoShape', survey.refused);
  const short = quotaShortOf(chosen.vcpus * (input.minimum ?? count ?? 1), survey.quota);
  if (short !== null) throw new Refusal('QuotaExceeded', [short]);
  await story.trail.record('decision', 'plan', { reason: chosen.why, detail: { demand, options: survey.options, zones: survey.zones, quota: survey.quota, why } });
  story.note(chosen.why);
  desk.acceptance = {
    accepted: true,
    requestId: input.requestId,
    shape: chosen.shape,
    count: chosen.count,
    usdPerHour: chosen.usdPerHour * chosen.count,
    expectedReadyAtMs: Date.now() + READY_POLLS * policy.pollMs,
    why: chosen.why,
  };
  return {
    service,
    digest,
    options: survey.options,
    zones: survey.zones,
    targetGroups: template.targetGroups,
    maximum,
    // Infinity is no JSON.
    maximumUsdPerHour: Math.min(maximumUsdPerHour(input.budget, durationMs), Number.MAX_VALUE),
    durationMs,
    present,
    why: [...why, chosen.why],
  };
}

interface Known {
  readonly demand: ShapeDemand;
  readonly present: ReplicaPlan['present'];
  readonly why: readonly string[];
}

async function demandOf({ input, region: { slowReads } }: ProvisionRun, service: string, { minimum, durationMs, targetUtilizationRatio }: { minimum: number; durationMs: number; targetUtilizationRatio: number }): Promise<Known> {
  if (input.demand !== undefined) {
    const { peak, average = peak } = input.demand;
    return { demand: { peak, average }, present: { usdPerHour: 0, instancesByZone: {} }, why: ['the demand is the request\'s own'] };
  }
  const forecast: ServiceDemand = await say(slowReads.forecastDemand, `Forecast ${service}`, forecastOf(input, service, durationMs));
  return { demand: demandOfReplicas(forecast, { replicas: minimum, targetUtilizationRatio }), present: forecast, why: forecast.forecasts };
}

function forecastOf({ zones, quantile = DEFAULT_QUANTILE }: ProvisionReplicasInput, service: string, horizonMs: number): Parameters<CapacityActivities['forecastDemand']>[0] {
  return { service, zones: zones ?? null, horizonMs, quantile };
}

function quotaShortOf(vcpus: number, quota: { readonly limitVcpus: number; readonly usedVcpus: number } | null): string | null {
  if (quota === null || quota.usedVcpus + vcpus <= quota.limitVcpus) return null;
  return `${vcpus} vCPUs more than the ${quota.usedVcpus} in use are beyond the account's quota of ${quota.limitVcpus} vCPUs for standard On-Demand instances; raise the quota L-1216C47A`;
}
