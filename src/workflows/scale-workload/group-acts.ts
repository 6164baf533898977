import { isCancellation } from '@temporalio/workflow';
import type { Owner } from '../../contracts/migration-activities';
import { say } from '../activity-proxies';
import { regionProxies } from '../capacity-proxies';
import { sentenceOf } from '../sentence-of';
import type { ScalingActs } from './scaling-acts';

const { acts, undos, waits } = regionProxies(null);

/** Raises and lowers the desired capacity of an Auto Scaling group. What was added stands in a tag of the group: a repeated act is the same act, and no more than that is taken back. */
export function groupActs(group: string, owner: Owner, pollMs: () => Promise<number>): ScalingActs {
  async function raise(by: number, round: number): Promise<string> {
    const sinceMs = Date.now();
    const { added, desired } = await say(acts.raiseGroup, `Raise ${group} by ${by}`, { owner, group, step: `raise-${round}`, by });
    try {
      await say(waits(await pollMs()).awaitGroup, `Wait until ${desired} serve`, { group, inService: desired, sinceMs });
    } catch (error) {
      if (isCancellation(error)) throw error;
      // What there was no room for must not come later, when nobody expects it.
      const { inService } = await say(acts.lookAtGroup, 'What of it came?', { owner, group });
      const short = Math.min(added, Math.max(0, desired - inService));
      if (short > 0) await say(undos.lowerGroup, `Lower ${group} by ${short}`, { owner, group, step: `short-${round}`, by: short });
      if (short === added) throw error;
      return `raised by ${added - short} of ${by}: ${sentenceOf(error)}`;
    }
    return added < by ? `raised by ${added} of ${by}, its maximum` : `raised by ${added}`;
  }

  return {
    async change({ by: difference, instances }, round) {
      const by = difference ?? 0;
      try {
        if (by > 0) return { kind: 'done', sentence: await raise(by, round), instances };
        await say(undos.lowerGroup, `Lower ${group} by ${-by}`, { owner, group, step: `lower-${round}`, by: -by });
        return { kind: 'done', sentence: `lowered by ${-by}`, instances };
      } catch (error) {
        if (isCancellation(error)) throw error;
        return { kind: 'refused', sentence: sentenceOf(error), left: [] };
      }
    },
    async giveBack(_seen, round) {
      try {
        await say(undos.lowerGroup, `Lower ${group} by all that was added`, { owner, group, step: `end-${round}`, by: null });
        return [];
      } catch (error) {
        return [`${group} could not be lowered by what was added: ${sentenceOf(error)}`];
      }
    },
  };
}
