import type { OwnedCapacity } from './owned-capacity';
import type { Shape } from './shape';

/** One place and shape in which the replacement could live; tried in order. */
export interface TargetRung {
  readonly zone: string;
  readonly subnetId: string;
  readonly shape: string;
  readonly usdPerHour: number;
  /** The account's own capacity that it goes into; left out where capacity is asked of EC2. */
  readonly into?: Pick<OwnedCapacity, 'kind' | 'capacityId'>;
  readonly why: string;
}

export interface LadderInput {
  readonly sourceZone: string;
  readonly sourceShape: Shape;
  /** Shapes of the region that run the source's architecture. */
  readonly shapes: readonly Shape[];
  /** Zones with a subnet in the source's VPC, and the shapes that EC2 offers there. */
  readonly zones: readonly { readonly zone: string; readonly subnetId: string; readonly offeredShapes: readonly string[] }[];
  /** Hosts and reservations that it may go into. */
  readonly owned: readonly OwnedCapacity[];
  /** What is on a dedicated host stays on dedicated hosts: licences or rules want it there. */
  readonly onHost: boolean;
  /** The one of `owned` that it shall go into. */
  readonly into?: string;
  /** Highest utilization forecast for the horizon, in percent of the source's shape, at the policy's quantile. */
  readonly peakCpuPercent: number;
  readonly peakMemoryPercent: number;
  /** Utilization that the target must stay under at that peak. */
  readonly targetUtilizationPercent: number;
  readonly allowedZones?: readonly string[];
  readonly allowedShapes?: readonly string[];
  readonly maxRungs: number;
}

/**
 * Orders the places to try: the cheapest shape of the source's family that fits, in another zone than the source first
 * where capacity is shared with fewer neighbours only if the caller asks for it (`allowedZones` order), else in the
 * source's own zone; then other zones; then the next shapes. An instance on a dedicated host goes to dedicated hosts, the fullest that
 * take it first. Returns an empty list when nothing fits.
 */
export function planTargetLadder(input: LadderInput): TargetRung[] {
  const zones = orderZones(input);
  const shapes = fittingShapes(input);
  if (input.onHost || input.into !== undefined) return ownedRungs(input, shapes, zones).slice(0, input.maxRungs);
  const rungs: TargetRung[] = [];
  for (const shape of shapes) {
    for (const zone of zones) {
      if (!zone.offeredShapes.includes(shape.name)) continue;
      rungs.push({
        zone: zone.zone,
        subnetId: zone.subnetId,
        shape: shape.name,
        usdPerHour: shape.usdPerHour,
        why: explainRung(shape, zone.zone, input),
      });
    }
  }
  return rungs.slice(0, input.maxRungs);
}

function ownedRungs({ owned, onHost, into, ...input }: LadderInput, shapes: readonly Shape[], zones: LadderInput['zones']): TargetRung[] {
  const places = owned
    .filter(({ kind, capacityId }) => (into === undefined || capacityId === into) && (!onHost || kind === 'host'))
    .toSorted((a, b) => a.freeVcpus - b.freeVcpus || a.capacityId.localeCompare(b.capacityId));
  return shapes.flatMap((shape) =>
    places.flatMap(({ kind, capacityId, zone, shapes: takes, freeVcpus }) => {
      const subnetId = zones.find((one) => one.zone === zone)?.subnetId;
      if (subnetId === undefined || !takes.includes(shape.name) || freeVcpus < shape.vcpus) return [];
      return [{ zone, subnetId, shape: shape.name, usdPerHour: shape.usdPerHour, into: { kind, capacityId }, why: `${explainRung(shape, zone, { owned, onHost, ...input })}, into ${capacityId}` }];
    }),
  );
}

function orderZones(input: LadderInput): LadderInput['zones'][number][] {
  const allowed = input.allowedZones;
  if (allowed) {
    return allowed.flatMap((name) => input.zones.filter((zone) => zone.zone === name));
  }
  const own = input.zones.filter((zone) => zone.zone === input.sourceZone);
  const others = input.zones.filter((zone) => zone.zone !== input.sourceZone);
  return [...own, ...others.toSorted((a, b) => a.zone.localeCompare(b.zone))];
}

function fittingShapes(input: LadderInput): Shape[] {
  const { sourceShape } = input;
  const neededVcpus = (sourceShape.vcpus * input.peakCpuPercent) / input.targetUtilizationPercent;
  const neededMemory = (sourceShape.memoryMiB * input.peakMemoryPercent) / input.targetUtilizationPercent;
  const candidates = input.shapes.filter(
    (shape) =>
      shape.architecture === sourceShape.architecture &&
      shape.vcpus >= neededVcpus &&
      shape.memoryMiB >= neededMemory &&
      (input.allowedShapes ? input.allowedShapes.includes(shape.name) : isKin(shape, sourceShape)),
  );
  if (input.allowedShapes) {
    const order = input.allowedShapes;
    return candidates.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  }
  return candidates.toSorted(
    (a, b) =>
      Number(b.family === sourceShape.family) - Number(a.family === sourceShape.family) ||
      a.usdPerHour - b.usdPerHour ||
      a.name.localeCompare(b.name),
  );
}

/** Same class of machine (m, c, r ...): the fall-back must behave like the source, not merely be large enough. */
function isKin(shape: Shape, source: Shape): boolean {
  return shape.family.charAt(0) === source.family.charAt(0) && shape.vcpus <= source.vcpus * 8;
}

function explainRung(shape: Shape, zone: string, input: LadderInput): string {
  const cpuThere = (input.peakCpuPercent * input.sourceShape.vcpus) / shape.vcpus;
  const place = zone === input.sourceZone ? `the source's own zone ${zone}` : `zone ${zone}`;
  return `${shape.name} in ${place}: the forecast peak of ${input.peakCpuPercent.toFixed(0)} % becomes ${cpuThere.toFixed(0)} % there`;
}
