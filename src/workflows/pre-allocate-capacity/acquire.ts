import type { TemplateFacts } from '../../contracts/capacity-activities';
import type { ResourceDemand } from '../../domain/shapes/shape-demand';
import { DEFAULT_TARGET_UTILIZATION_RATIO } from '../../domain/capacity/need-defaults';
import { holdLadder } from '../../domain/capacity/hold-ladder';
import { isNothing, uncarried } from '../../domain/capacity/shortfall';
import { surplusOf } from '../../domain/capacity/surplus';
import { say } from '../activity-proxies';
import type { AuditTrail } from '../audit-trail';
import type { RegionProxies } from '../capacity-proxies';
import { capacityRefusalOf } from '../capacity-refusal';
import { sentenceOf } from '../sentence-of';
import { MOST_HELD, surveyFor } from './assess-need';
import type { HoldWindow } from './assess-need';
import type { Hold } from './hold';

/** So long after its hand-over capacity counts as carried, while an instance comes to run in it. */
const FRESH_MS = 1_800_000;

export interface HoldTools {
  readonly hold: Hold;
  readonly trail: AuditTrail;
  readonly template: TemplateFacts;
  readonly window: HoldWindow;
  readonly region: RegionProxies;
  readonly pollMs: number;
}

/** Brings what is held to what is needed: more where it does not carry the shortfall, less where the forecast has narrowed. Returns whether it carries all. */
export async function adjustHold(tools: HoldTools, shortfall: ResourceDemand): Promise<boolean> {
  const { hold, trail, region: { undos } } = tools;
  const targetUtilizationRatio = hold.input.targetUtilizationRatio ?? DEFAULT_TARGET_UTILIZATION_RATIO;
  // What was handed over a moment ago becomes allocation when its new owner runs in it.
  const carriers = [...hold.held, ...freshlyHandedOver(hold, tools.window)];
  const missing = uncarried(shortfall, carriers, targetUtilizationRatio);
  if (!isNothing(missing)) return acquire(tools, missing, targetUtilizationRatio);
  const surplus = surplusOf(hold.held, shortfall, targetUtilizationRatio);
  for (const { reservationId, shape, zone } of surplus) {
    // In one step with the choice: it must not be handed over while it is cancelled.
    hold.remove([reservationId]);
    await say(undos.cancelReservation, `${shape} in ${zone} is no longer needed`, { reservationId });
    await trail.record('decision', `${reservationId} is given back: the forecast needs less`, { reason: `${shape} in ${zone}` });
  }
  return true;
}

async function acquire(tools: HoldTools, missing: ResourceDemand, targetUtilizationRatio: number): Promise<boolean> {
  const { hold, trail, template, window, region, pollMs } = tools;
  const { pool, zones, budget, maximum = MOST_HELD } = hold.input;
  const survey = await surveyFor(hold.input, template, missing, window, region);
  if (survey.overBudget !== null) hold.refuse(`BudgetExceeded: ${survey.overBudget}`);
  for (const sentence of survey.refused) hold.refuse(sentence);
  const ladder = holdLadder(survey.options, survey.zones, zones);
  const bestUsdPerVcpu = ladder[0] === undefined ? 0 : ladder[0].option.usdPerHour / ladder[0].option.vcpus;
  let left = missing;
  for (const { zone, shape, option, rung } of ladder) {
    for (let tries = 0; !isNothing(left) && hold.held.length < maximum; tries += 1) {
      if (hold.held.reduce((sum, { usdPerHour }) => sum + usdPerHour, option.usdPerHour) > (budget?.maximumUsdPerHour ?? Infinity)) {
        hold.refuse(`BudgetExceeded: one more ${shape} would cost more than ${budget?.maximumUsdPerHour ?? 0} USD an hour together`);
        break;
      }
      try {
        const reservation = await say(region.acts.holdCapacity, `Hold ${shape} in ${zone} for ${pool}`, { owner: hold.owner, rung: { zone, shape }, step: `hold-${hold.nextStep()}`, pool });
        await say(region.waits(pollMs).awaitReservation, `Wait until ${reservation.reservationId} is active`, { reservationId: reservation.reservationId });
        hold.add({ ...reservation, usdPerHour: option.usdPerHour, vcpus: option.vcpus, memoryMiB: option.memoryMiB, bestUsdPerHour: Math.min(option.usdPerHour, bestUsdPerVcpu * option.vcpus), sinceMs: Date.now(), rung });
        await trail.record('decision', `${reservation.reservationId} is held for ${pool}`, { reason: `${shape} in ${zone} (${rung})`, detail: reservation });
        left = uncarried(left, [option], targetUtilizationRatio);
      } catch (error) {
        if (capacityRefusalOf(error) === null) throw error;
        hold.refuse(`${shape} in ${zone}: ${sentenceOf(error)}`);
        await trail.record('refusal', `no room: ${shape} in ${zone}`, { reason: sentenceOf(error) });
        break;
      }
    }
  }
  return isNothing(left);
}

function freshlyHandedOver(hold: Hold, { fromMs, untilMs }: HoldWindow): Hold['held'] {
  const freshMs = Math.min(FRESH_MS, untilMs - fromMs);
  return hold.handedOver.filter(({ atMs }) => Date.now() - atMs < freshMs).map(({ reservation }) => reservation);
}
