import type { OwnRunning, ShapeSurvey, TemplateFacts } from '../../contracts/capacity-activities';
import type { CapacityNeedNow, PreAllocateInput } from '../../contracts/pre-allocate-capacity';
import type { ReplicaTemplate } from '../../contracts/provision-replicas';
import { DEFAULT_QUANTILE, DEFAULT_TARGET_UTILIZATION_RATIO } from '../../domain/capacity/need-defaults';
import { meansOf } from '../../domain/capacity/hold-means';
import type { ResourceDemand } from '../../domain/shapes/shape-demand';
import { say } from '../activity-proxies';
import type { RegionProxies } from '../capacity-proxies';

export const MOST_HELD = 20;

export interface HoldWindow {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What the pool's instances are launched from, and their network and architecture. */
export interface PoolTemplate {
  readonly from: ReplicaTemplate;
  readonly facts: TemplateFacts;
}

/** Null where nothing but an Auto Scaling group is to be raised: the group knows all that. */
export async function lookAtPool(input: PreAllocateInput, { acts }: RegionProxies): Promise<PoolTemplate | null> {
  const { pool, template } = input;
  if (meansOf(input).every((means) => means === 'auto-scaling')) return null;
  const from: ReplicaTemplate = template ?? (await say(acts.findPoolTemplate, `Find an instance of ${pool}`, { pool }));
  return { from, facts: await say(acts.describeTemplate, `Read the network of ${pool}`, { template: from, targetGroups: null }) };
}

/** Required = forecast upper quantile - current allocation; where the request brings its own demand, that, over the whole window. */
export async function assessNeed(input: PreAllocateInput, { fromMs, untilMs }: HoldWindow, own: OwnRunning, { slowReads }: RegionProxies): Promise<CapacityNeedNow> {
  const { pool, demand, zones, quantile = DEFAULT_QUANTILE, targetUtilizationRatio = DEFAULT_TARGET_UTILIZATION_RATIO } = input;
  if (demand !== undefined) return { needFromMs: Math.max(fromMs, Date.now()), shortfall: demand.peak, why: ['the demand is the request\'s own'] };
  // The demand of the target: what runs in the fall-back zones serves those.
  return say(slowReads.forecastWindow, `Forecast ${pool}`, { service: pool, zones: zones === undefined ? null : zones.slice(0, 1), fromMs, untilMs, quantile, targetUtilizationRatio, own });
}

/** Shapes and zones for what is still to be carried, from the begin of the window, or now. */
export function surveyFor(input: PreAllocateInput, template: TemplateFacts, amounts: ResourceDemand, { fromMs, untilMs }: HoldWindow, { acts }: RegionProxies): Promise<ShapeSurvey> {
  const { pool: _, window: __, ...need } = input;
  return say(acts.surveyShapes, 'Shapes, prices, zones and quota', {
    demand: { peak: amounts, average: amounts },
    durationMs: Math.max(60_000, untilMs - Math.max(fromMs, Date.now())),
    minimum: 1,
    maximum: input.maximum ?? MOST_HELD,
    architecture: template.architecture,
    vpcId: template.vpcId,
    balancerZones: template.balancerZones,
    templateShape: template.shape,
    need,
  });
}
