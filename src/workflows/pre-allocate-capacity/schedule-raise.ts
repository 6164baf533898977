import { ActivityFailure } from '@temporalio/common';
import { isCancellation } from '@temporalio/workflow';
import type { CapacityNeedNow } from '../../contracts/pre-allocate-capacity';
import { meansOf } from '../../domain/capacity/hold-means';
import { DEFAULT_TARGET_UTILIZATION_RATIO } from '../../domain/capacity/need-defaults';
import { unitsFor } from '../../domain/capacity/shortfall';
import { say } from '../activity-proxies';
import { sentenceOf } from '../sentence-of';
import { MOST_HELD } from './assess-need';
import type { HoldTools } from './hold-tools';
import { matchGroup } from './raise-group';

/** A start that is nearer than this needs no schedule: the workflow is awake. */
const FAR_AHEAD_MS = 10 * 60_000;
/** The workflow raises the group itself at its time; AWS does it so much later, should no worker be there. */
const GRACE_MS = 2 * 60_000;

/** Has AWS raise the group where the need is far ahead, so that it comes even where no worker runs by then; keeps that in line with the forecast. */
export async function scheduleRaise(tools: HoldTools, { shortfall }: CapacityNeedNow, startAtMs: number | null): Promise<void> {
  const { hold, trail, region: { acts } } = tools;
  const { autoScalingGroup: group = '', maximum = MOST_HELD, targetUtilizationRatio = DEFAULT_TARGET_UTILIZATION_RATIO } = hold.input;
  const { owner, scheduled } = hold;
  if (meansOf(hold.input)[0] !== 'auto-scaling' || hold.held.length > 0) return;
  if (startAtMs === null) return withdrawSchedule(tools);
  if (startAtMs - Date.now() < FAR_AHEAD_MS) return;
  try {
    const sight = await say(acts.lookAtGroup, `Look at ${group}`, { owner, group });
    const wanted = { atMs: startAtMs + GRACE_MS, by: Math.min(maximum, unitsFor(shortfall, sight, targetUtilizationRatio)) };
    if (scheduled?.atMs === wanted.atMs && scheduled.by === wanted.by) return;
    await say(acts.scheduleGroup, `Schedule a raise of ${group} by ${wanted.by}`, { owner, group, step: `schedule-${hold.nextStep()}`, ...wanted });
    hold.note({ scheduled: wanted });
    await trail.record('decision', `${group} is to be raised by ${wanted.by} at ${new Date(wanted.atMs).toISOString()}`, { reason: 'the need is far ahead', detail: sight });
  } catch (error) {
    // The workflow will raise it in any case.
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    hold.refuse(`${group}: ${sentenceOf(error)}`);
  }
}

/** Takes the schedule back; where it has run, what it added is the hold's. */
export async function withdrawSchedule(tools: HoldTools): Promise<void> {
  const { hold, region: { undos } } = tools;
  const { autoScalingGroup: group = '' } = hold.input;
  if (hold.scheduled === null) return;
  await say(undos.withdrawSchedule, `Take back what is scheduled for ${group}`, { owner: hold.owner, group, step: `withdraw-${hold.nextStep()}` });
  hold.note({ scheduled: null });
  await matchGroup(tools, { ladder: [] });
}
