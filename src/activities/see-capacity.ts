import type { CapacityActivities } from '../contracts/capacity-activities';
import { businessFailure } from '../contracts/errors';
import type { ScalingMeans, ShapedInstance, WeighWorkloadArgs } from '../contracts/scale-workload';
import type { CapacityStep, ScalingLook } from '../domain/workload-scaling/scaling-look';
import type { ComputePort } from './compute-port';

export interface CapacityDependencies {
  readonly compute: Pick<ComputePort, 'describe' | 'shape'>;
  readonly lookAtGroup: CapacityActivities['lookAtGroup'];
}

/** What a workload has and may have. */
export interface SeenCapacity extends Pick<ScalingLook, 'steps' | 'base' | 'present' | 'servingCapacity'> {
  readonly baseShape: string | null;
  readonly instances: readonly ShapedInstance[];
}

/**
 * The capacities that the means allow, from the present one on. Throws `NotFound` for what is not there, `InvalidInput` for instances that are no members or have a type that is not listed.
 */
export async function seeCapacity(deps: CapacityDependencies, args: WeighWorkloadArgs, members: readonly string[]): Promise<SeenCapacity> {
  return args.by.kind === 'group' ? ofGroup(deps, args, args.by.autoScalingGroup) : ofShapes(deps, args, args.by, members);
}

async function ofGroup({ lookAtGroup }: Pick<CapacityDependencies, 'lookAtGroup'>, { owner, policy }: WeighWorkloadArgs, group: string): Promise<SeenCapacity> {
  const { desired, room, own, inService, usdPerHour } = await lookAtGroup({ owner, group });
  const base = desired - own;
  const most = Math.max(desired, Math.min(base + policy.maximumAdded, desired + room));
  const steps = Array.from({ length: most - base + 1 }, (_, i): CapacityStep => ({ name: `${base + i} member${base + i === 1 ? '' : 's'}`, capacity: base + i, usdPerHour: (base + i) * usdPerHour }));
  return { steps, base: 0, present: own, servingCapacity: Math.min(inService, desired), baseShape: null, instances: [] };
}

async function ofShapes({ compute }: Pick<CapacityDependencies, 'compute'>, { tag, baseShape }: WeighWorkloadArgs, { instanceIds, shapes: names }: Extract<ScalingMeans, { kind: 'shape' }>, members: readonly string[]): Promise<SeenCapacity> {
  const stranger = instanceIds.find((id) => !members.includes(id));
  if (stranger !== undefined) throw businessFailure('InvalidInput', `by.instanceIds names ${stranger}; expected running instances with the tags ${tag}`);
  const shapes = await Promise.all(names.map((name) => compute.shape(name)));
  if (shapes.some(({ vcpus }, i) => i > 0 && vcpus <= (shapes[i - 1]?.vcpus ?? 0))) throw businessFailure('InvalidInput', `by.shapes is ${names.join(', ')}; expected types with more vCPUs from each to the next`);
  const facts = await Promise.all(instanceIds.map((id) => compute.describe(id)));
  const instances = facts.map(({ instanceId, shape }) => ({ instanceId, shape }));
  const rungs = instances.map(({ instanceId, shape }) => {
    const rung = names.indexOf(shape);
    if (rung === -1) throw businessFailure('InvalidInput', `by.shapes does not list ${shape}, which ${instanceId} is`);
    return rung;
  });
  const present = Math.min(...rungs);
  const base = baseShape === null ? present : Math.max(0, names.indexOf(baseShape));
  const steps = shapes.map(({ name, vcpus, usdPerHour }): CapacityStep => ({ name, capacity: vcpus * instances.length, usdPerHour: usdPerHour * instances.length }));
  return { steps, base: Math.min(base, present), present, servingCapacity: steps[present]?.capacity ?? 0, baseShape: names[base] ?? null, instances };
}
