import type { CapacityActivities, ShapeSearch, ShapeSurvey } from '../contracts/capacity-activities';
import { maximumUsdPerHour as hourlyBudget } from '../domain/capacity/budget';
import { DEFAULT_TARGET_UTILIZATION_RATIO } from '../domain/capacity/need-defaults';
import type { CapacityOption } from '../domain/capacity/next-place';
import type { CatalogueShape } from '../domain/shapes/catalogue-shape';
import { selectShape, type ShapeOption, type ShapeSelection } from '../domain/shapes/select-shape';
import type { ShapeConstraints } from '../domain/shapes/shape-request';
import type { ComputePort } from './compute-port';
import type { QuotaPort } from './quota-port';

const OPTIONS_AT_MOST = 6;
const DEFAULT_TRADEOFF = 0.3;

export interface SurveyDependencies {
  readonly compute: Pick<ComputePort, 'zones'>;
  readonly catalogue: () => Promise<readonly CatalogueShape[]>;
  readonly quotas: QuotaPort;
}

/** Chooses shapes for a demand, and says where they are offered and whether the account's quota and the budget allow them. */
export function createCapacitySurvey({ compute, catalogue, quotas }: SurveyDependencies): Pick<CapacityActivities, 'surveyShapes'> {
  return {
    async surveyShapes(search) {
      const { need, vpcId, balancerZones } = search;
      const [shapes, network, quota] = await Promise.all([catalogue(), compute.zones(vpcId), quotas.standardVcpus()]);
      const zones = network.filter(({ zone }) => (need.zones?.includes(zone) ?? true) && (balancerZones?.includes(zone) ?? true));
      const offered = new Set(zones.flatMap(({ offeredShapes }) => offeredShapes));
      const candidates = shapes.filter(({ name }) => offered.has(name));
      const maximumUsdPerHour = hourlyBudget(need.budget, search.durationMs);
      const within = select(search, candidates, maximumUsdPerHour);
      const unbound = within.chosen === null && maximumUsdPerHour < Infinity ? select(search, candidates, Infinity) : null;
      const options = within.ranking.slice(0, OPTIONS_AT_MOST).map(toOption);
      const names = new Set(options.map(({ shape }) => shape));
      return {
        options,
        // Offerings of a zone are hundreds of names; only those that could be chosen cross into the history.
        zones: zones.map((zone) => ({ ...zone, offeredShapes: zone.offeredShapes.filter((name) => names.has(name)) })),
        refused: refusalsOf(within, search, zones.length),
        overBudget: unbound?.chosen == null ? null : overBudgetSentence(unbound, maximumUsdPerHour),
        quota,
      } satisfies ShapeSurvey;
    },
  };
}

function select({ demand, durationMs, minimum, maximum, architecture, templateShape, need }: ShapeSearch, catalogue: readonly CatalogueShape[], maximumUsdPerHour: number): ShapeSelection {
  const present = catalogue.find(({ name }) => name === templateShape);
  const constraints: ShapeConstraints = {
    ...need.constraints,
    architecture,
    ...(present === undefined ? {} : { compatibleWith: present }),
    ...(maximumUsdPerHour < Infinity ? { maximumUsdPerHour } : {}),
  };
  return selectShape({ demand, durationMs, tradeoff: need.tradeoff ?? DEFAULT_TRADEOFF, minimumCount: minimum, maximumCount: maximum, targetUtilizationRatio: need.targetUtilizationRatio ?? DEFAULT_TARGET_UTILIZATION_RATIO, constraints }, catalogue);
}

function toOption({ shape, count, why }: ShapeOption): CapacityOption {
  return { shape: shape.name, count, usdPerHour: shape.usdPerHour, spotUsdPerHour: shape.spotUsdPerHour, vcpus: shape.vcpus, memoryMiB: shape.memoryMiB, why };
}

function refusalsOf({ chosen, refused }: ShapeSelection, { need, balancerZones }: ShapeSearch, found: number): string[] {
  if (chosen !== null) return [];
  if (found === 0) return [`zones is ${need.zones?.join(', ') ?? 'not given'}; expected zones in which the template's network has a subnet${balancerZones === null ? '' : ` and that the load balancer serves (${balancerZones.join(', ')})`}`];
  return refused.map(({ reason, count, examples }) => `${count} shape(s), such as ${examples.slice(0, 3).join(', ')}: ${reason}`).slice(0, 8);
}

function overBudgetSentence({ ranking }: ShapeSelection, maximumUsdPerHour: number): string {
  const cheapest = ranking.toSorted((a, b) => a.usdPerHour - b.usdPerHour)[0];
  return `the cheapest that carries the demand, ${cheapest?.count ?? 0} x ${cheapest?.shape.name ?? ''}, costs ${cheapest?.usdPerHour.toFixed(4) ?? ''} USD an hour; the budget allows ${maximumUsdPerHour.toFixed(4)}`;
}
