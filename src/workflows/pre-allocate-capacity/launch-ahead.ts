import { ActivityFailure } from '@temporalio/common';
import { isCancellation } from '@temporalio/workflow';
import { isNothing, uncarried } from '../../domain/capacity/shortfall';
import { say } from '../activity-proxies';
import { bringIntoService, retireReplicas } from '../bring-into-service';
import { sentenceOf } from '../sentence-of';
import { bestPriceOf, mayAfford, type Acquire } from './hold-tools';

/** Instances from the pool's template, rung by rung, that serve from now on; at the spot price EC2 may take them away. */
export const launchAhead =
  (spot: boolean): Acquire =>
  async (tools, search) => {
    const { hold, trail, template, region: { acts } } = tools;
    const { pool } = hold.input;
    const rung = spot ? 'spot' : 'launch';
    let left = search.missing;
    if (template === null) return left;
    const { targetGroups } = template.facts;
    for (const { zone, subnetId, shape, option } of search.ladder) {
      const usdPerHour = spot ? (option.spotUsdPerHour ?? option.usdPerHour) : option.usdPerHour;
      while (!isNothing(left) && hold.held.length < search.maximum && mayAfford(tools, shape, usdPerHour)) {
        let instanceId: string | null = null;
        try {
          ({ instanceId } = await say(acts.launchHeld, `Launch ${shape} in ${zone} for ${pool}${spot ? ', spot' : ''}`, { owner: hold.owner, template: template.from, place: { zone, subnetId, shape }, step: `${rung}-${hold.nextStep()}`, pool, spot }));
          await bringIntoService(tools, instanceId, targetGroups);
          hold.add({ kind: 'instance', id: instanceId, zone, shape, usdPerHour, vcpus: option.vcpus, memoryMiB: option.memoryMiB, bestUsdPerHour: bestPriceOf(search, option.vcpus, usdPerHour), sinceMs: Date.now(), rung });
          await trail.record('decision', `${instanceId} runs for ${pool}`, { reason: `${shape} in ${zone} (${rung}${spot ? ': EC2 may take it away' : ''})`, detail: { instanceId, zone, shape } });
          left = uncarried(left, [option], search.targetUtilizationRatio);
        } catch (error) {
          if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
          hold.refuse(`${rung} of ${shape} in ${zone}: ${sentenceOf(error)}`);
          await trail.record('refusal', `no ${rung}: ${shape} in ${zone}`, { reason: sentenceOf(error) });
          // What does not come to serve is paid for nothing.
          if (instanceId !== null) await retireReplicas(tools, [instanceId], targetGroups);
          break;
        }
      }
    }
    return left;
  };
