import type { ShapeSurvey, TemplateFacts } from '../../contracts/capacity-activities';
import type { CapacityNeedNow, PreAllocateInput } from '../../contracts/pre-allocate-capacity';
import type { ReplicaTemplate } from '../../contracts/provision-replicas';
import { DEFAULT_QUANTILE, DEFAULT_TARGET_UTILIZATION_RATIO } from '../../domain/capacity/need-defaults';
import type { ResourceDemand } from '../../domain/shapes/shape-demand';
import { say } from '../activity-proxies';
import type { RegionProxies } from '../capacity-proxies';

export const MOST_HELD = 20;

export interface HoldWindow {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Network and architecture of the pool. */
export async function lookAtPool({ pool, template }: PreAllocateInput, { acts }: RegionProxies): Promise<TemplateFacts> {
  const from: ReplicaTemplate = template ?? (await say(acts.findPoolTemplate, `Find an instance of ${pool}`, { pool }));
  return say(acts.describeTemplate, `Read the network of ${pool}`, { template: from, targetGroups: null });
}

/** Required = forecast upper quantile - current allocation; where the request brings its own demand, that, over the whole window. */
export async function assessNeed(input: PreAllocateInput, { fromMs, untilMs }: HoldWindow, { slowReads }: RegionProxies): Promise<CapacityNeedNow> {
  const { pool, demand, zones, quantile = DEFAULT_QUANTILE, targetUtilizationRatio = DEFAULT_TARGET_UTILIZATION_RATIO } = input;
  if (demand !== undefined) return { needFromMs: Math.max(fromMs, Date.now()), shortfall: demand.peak, why: ['the demand is the request\'s own'] };
  // The demand of the target: what runs in the fall-back zones serves those.
  return say(slowReads.forecastWindow, `Forecast ${pool}`, { service: pool, zones: zones === undefined ? null : zones.slice(0, 1), fromMs, untilMs, quantile, targetUtilizationRatio });
}

/** Shapes and zones for what is still to be carried. */
export function surveyFor(input: PreAllocateInput, template: TemplateFacts, amounts: ResourceDemand, { untilMs }: HoldWindow, { acts }: RegionProxies): Promise<ShapeSurvey> {
  const { pool: _, window: __, ...need } = input;
  return say(acts.surveyShapes, 'Shapes, prices, zones and quota', {
    demand: { peak: amounts, average: amounts },
    durationMs: Math.max(60_000, untilMs - Date.now()),
    minimum: 1,
    maximum: input.maximum ?? MOST_HELD,
    architecture: template.architecture,
    vpcId: template.vpcId,
    balancerZones: template.balancerZones,
    templateShape: template.shape,
    need,
  });
}
