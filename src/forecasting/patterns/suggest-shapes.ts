import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json';
import type { CatalogueShape } from '../../domain/shapes/catalogue-shape';
import { createShape, type CreatedShape, type CreationPolicy } from '../../domain/shapes/create-shape';
import { envelopeOf, type DemandPattern } from '../../domain/shapes/demand-pattern';
import { needsOf } from '../../domain/shapes/instance-needs';
import type { NamedShape } from '../../domain/shapes/named-shape';
import { tierOf } from '../../domain/shapes/tiers';
import { clusterPoints, divide } from './cluster-points';

/** A new shape and the instances whose pattern it was made for. */
export interface SuggestedShape {
  readonly shape: NamedShape;
  readonly members: readonly string[];
  /** Of all members together, as they are now and with the new shape. */
  readonly usdPerHourBefore: number;
  readonly usdPerHourAfter: number;
}

export interface ShapeSuggestions {
  readonly shapes: readonly SuggestedShape[];
  /** Instances for which nothing was found, and why. */
  readonly left: readonly { readonly id: string; readonly reason: string }[];
}

const MOST_GROUPS = 8;
const SEED = 1;
/** A shape for many may cost so much more than one for each; beyond, the group is divided. */
const SHARED_COST_RATIO = 1.1;
/** The profile of a day counts about as much as a doubling of size. */
const PROFILE_WEIGHT = 1;
const STEADY_RATIO = 0.6;
const DAILY_SPREAD = 0.3;

interface Group {
  readonly members: readonly DemandPattern[];
  readonly created: CreatedShape;
}

/**
 * Groups what instances ask for by size, balance of resources and time of day, and makes one shape for each group: the cheapest that holds all of its members and that each of
 * them can become. A group whose common shape costs more than a tenth above one for each member is divided. Instances that rely on different things never share a group.
 */
export function suggestShapes(patterns: readonly DemandPattern[], catalogue: readonly CatalogueShape[], policy: CreationPolicy): ShapeSuggestions {
  const left: { id: string; reason: string }[] = [];
  // Groups depend on the order of their points: it must not be that of files or pages.
  const placeable = patterns.toSorted((a, b) => (a.id < b.id ? -1 : 1)).filter((pattern) => {
    const alone = createShape([pattern], catalogue, policy);
    if (typeof alone === 'string') left.push({ id: pattern.id, reason: alone });
    return typeof alone !== 'string';
  });
  const groups = withEqualNeeds(placeable)
    .flatMap((members) => groupsOf(members, catalogue, policy))
    .toSorted((a, b) => firstId(a.members).localeCompare(firstId(b.members)));
  return { shapes: named(groups), left };
}

function withEqualNeeds(patterns: readonly DemandPattern[]): DemandPattern[][] {
  const alike = new Map<string, DemandPattern[]>();
  for (const pattern of patterns) {
    const needs = canonicalJson(needsOf(pattern.present));
    const same = alike.get(needs);
    if (same === undefined) alike.set(needs, [pattern]);
    else same.push(pattern);
  }
  return [...alike.values()];
}

function groupsOf(members: readonly DemandPattern[], catalogue: readonly CatalogueShape[], policy: CreationPolicy): Group[] {
  const { groupOf, groups } = clusterPoints(members.map(featuresOf), MOST_GROUPS, SEED);
  return Array.from({ length: groups }, (_, group) => members.filter((_, i) => groupOf[i] === group)).flatMap((some) => affordable(some, catalogue, policy));
}

function affordable(members: readonly DemandPattern[], catalogue: readonly CatalogueShape[], policy: CreationPolicy): Group[] {
  const common = createShape(members, catalogue, policy);
  const alone = members.reduce((sum, one) => sum + (createShape([one], catalogue, policy) as CreatedShape).usdPerHour, 0);
  if (typeof common !== 'string' && (members.length === 1 || common.usdPerHour * members.length <= SHARED_COST_RATIO * alone)) return [{ members, created: common }];
  const { groupOf, groups } = divide(members.map(featuresOf), 2, SEED);
  // Patterns that coincide cost the same alone as together: a group that cannot be divided is never too dear.
  const halves = groups < 2 ? members.map((one) => [one]) : [0, 1].map((half) => members.filter((_, i) => groupOf[i] === half));
  return halves.flatMap((half) => affordable(half, catalogue, policy));
}

/** Sizes as doublings, and the day's profile. */
function featuresOf({ demand: { peak, average }, hours }: DemandPattern): Float64Array {
  const size = [peak.vcpus, average.vcpus, peak.memoryMiB / 1024, 8 * (peak.networkGbps ?? 0), (peak.ebsMbps ?? 0) / 128].map((value) => Math.log2(value + 0.125));
  const weight = PROFILE_WEIGHT / Math.sqrt(hours.length);
  return Float64Array.from([...size, ...hours.map((ratio) => ratio * weight)]);
}

function named(groups: readonly Group[]): SuggestedShape[] {
  const used = new Map<string, number>();
  return groups.map(({ members, created }) => {
    const { option, volume, usdPerHour } = created;
    const kind = `${kindOf(members)}-${tierOf(option.shape)}`;
    used.set(kind, (used.get(kind) ?? 0) + 1);
    const content = { instanceType: option.shape.name, count: option.count, volume, usdPerHour: null };
    const before = members.reduce((sum, { present }) => sum + present.usdPerHour, 0);
    return {
      shape: {
        name: `${kind}-${used.get(kind)}`,
        ...content,
        version: createHash('sha256').update(canonicalJson(content)).digest('hex').slice(0, 12),
        why: reasonsOf(members, created),
      },
      members: members.map(({ id }) => id),
      usdPerHourBefore: before,
      usdPerHourAfter: usdPerHour * members.length,
    };
  });
}

/** How the load of a group runs: `steady`, `daily` where the hours of the day differ, else `peaky`. */
function kindOf(members: readonly DemandPattern[]): string {
  const mean = (of: (one: DemandPattern) => number): number => members.reduce((sum, one) => sum + of(one), 0) / members.length;
  if (mean(({ demand }) => (demand.peak.vcpus === 0 ? 1 : demand.average.vcpus / demand.peak.vcpus)) >= STEADY_RATIO) return 'steady';
  return mean(({ hours }) => Math.max(...hours) - Math.min(...hours)) >= DAILY_SPREAD ? 'daily' : 'peaky';
}

function reasonsOf(members: readonly DemandPattern[], { option, volume }: CreatedShape): string[] {
  const { peak, average } = envelopeOf(members);
  const profile = members.reduce((sums, { hours }) => sums.map((sum, hour) => sum + (hours[hour] as number)), new Array<number>(24).fill(0));
  const busiest = profile.indexOf(Math.max(...profile));
  const unmeasured = [...new Set(members.flatMap((one) => one.unmeasured))];
  return [
    `${members.length === 1 ? 'one instance asks' : `${members.length} instances ask`} for up to ${peak.vcpus.toFixed(2)} vCPUs (${average.vcpus.toFixed(2)} on average) and ${(peak.memoryMiB / 1024).toFixed(1)} GiB each, most between ${busiest}:00 and ${busiest + 1}:00 UTC`,
    option.why,
    `volumes: gp3 with ${volume.iops} IOPS and ${volume.throughputMiBps} MiB/s`,
    ...(unmeasured.length === 0 ? [] : [`not measured everywhere: ${unmeasured.join(', ')}; CPU and memory then count as all that the present shape has, the rest as nothing`]),
  ];
}

function firstId(members: readonly DemandPattern[]): string {
  return members[0]?.id ?? '';
}
