import { isCancellation } from '@temporalio/workflow';
import type { ShapedInstance } from '../../contracts/scale-workload';
import { resizeByChild } from '../resize-child';
import { sentenceOf } from '../sentence-of';
import type { ScalingActs } from './scaling-acts';

/** Makes the instances another type, one after the other: the others serve meanwhile. Where one cannot be changed, those before it become again what they were. */
export function shapeActs(tag: string): ScalingActs {
  return {
    async change({ target, instances, decision }, _round) {
      const to = target ?? '';
      const done: ShapedInstance[] = [];
      for (const { instanceId, shape } of instances.filter((one) => one.shape !== to)) {
        const trouble = await resize(instanceId, to, `${tag}: ${decision.reason}`);
        if (trouble !== null) return { kind: 'refused', sentence: trouble, left: await back(done, `${tag}: not all could be made ${to}`) };
        done.push({ instanceId, shape });
      }
      return { kind: 'done', sentence: `${done.length} made ${to}`, instances: instances.map(({ instanceId }) => ({ instanceId, shape: to })) };
    },
    async giveBack({ instances, baseShape }) {
      if (baseShape === null) return [];
      return back(instances.filter(({ shape }) => shape !== baseShape).map(({ instanceId }) => ({ instanceId, shape: baseShape })), `${tag} is looked after no longer`);
    },
  };
}

async function back(instances: readonly ShapedInstance[], reason: string): Promise<string[]> {
  const left: string[] = [];
  for (const { instanceId, shape } of instances.toReversed()) {
    const trouble = await resize(instanceId, shape, reason);
    if (trouble !== null) left.push(`${instanceId} could not be made ${shape} again: ${trouble}`);
  }
  return left;
}

/** Null where it was done. The child holds the instance's lock and undoes what it began. */
async function resize(instanceId: string, shape: string, reason: string): Promise<string | null> {
  try {
    const result = await resizeByChild({ instanceId, shape, reason, name: instanceId });
    return result.kind === 'Resized' ? null : `${instanceId}: ${result.reasons.join('; ')}`;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return `${instanceId}: ${sentenceOf(error)}`;
  }
}
