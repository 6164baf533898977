import type { Rehearsed } from '../../contracts/rehearse-rollback';

/** How a rehearsal of the way back went, in words. */
export function describeRehearsed({ instanceId, shadow, shadowPercent, verdict, weightsBackMs, timeToSafeMs, removedMs }: Rehearsed): string {
  const share = verdict === null ? 'was given no traffic: its service may keep something, and what a shadow writes would be lost' : `was given ${shadowPercent} % of the traffic (${verdict.kind}: ${verdict.why})`;
  return [
    `rehearsed the way back of ${instanceId}; it served all the time, and everything is as it was`,
    `  ${shadow.instanceId} (${shadow.shape} in ${shadow.zone}) ${share}`,
    `  from the decision to go back: ${seconds(weightsBackMs)} until the weights were whole on the source, ${seconds(timeToSafeMs)} until nothing was left on the shadow (time to safe), ${seconds(removedMs)} until it was gone`,
  ].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
