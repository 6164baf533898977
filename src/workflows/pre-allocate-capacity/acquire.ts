import type { HeldCapacity, PlacedOrder } from '../../contracts/pre-allocate-capacity';
import { holdLadder } from '../../domain/capacity/hold-ladder';
import { meansOf, type HoldMeans } from '../../domain/capacity/hold-means';
import { DEFAULT_TARGET_UTILIZATION_RATIO } from '../../domain/capacity/need-defaults';
import { isNothing, uncarried } from '../../domain/capacity/shortfall';
import { surplusOf } from '../../domain/capacity/surplus';
import type { ResourceDemand } from '../../domain/shapes/shape-demand';
import { say } from '../activity-proxies';
import { retireReplicas } from '../bring-into-service';
import { MOST_HELD, surveyFor } from './assess-need';
import type { HoldWindow } from './assess-need';
import type { Hold } from './hold';
import type { Acquire, HoldTools, Search } from './hold-tools';
import { launchAhead } from './launch-ahead';
import { raiseGroup } from './raise-group';
import { reservePlaces } from './reserve-places';

/** So long after its hand-over capacity counts as carried, while an instance comes to run in it. */
const FRESH_MS = 1_800_000;

const ACQUIRE: Readonly<Record<HoldMeans, Acquire>> = { reservation: reservePlaces, 'auto-scaling': raiseGroup, launch: launchAhead(false), spot: launchAhead(true) };

/** Brings what is held to what is needed: more where it does not carry the shortfall, less where the forecast has narrowed. Returns whether it carries all. */
export async function adjustHold(tools: HoldTools, shortfall: ResourceDemand): Promise<boolean> {
  const { hold } = tools;
  const targetUtilizationRatio = hold.input.targetUtilizationRatio ?? DEFAULT_TARGET_UTILIZATION_RATIO;
  // What was handed over a moment ago becomes allocation when its new owner runs in it.
  const carriers = [...hold.held, ...freshlyHandedOver(hold, tools.window), ...placesToCome(hold.order)];
  const missing = uncarried(shortfall, carriers, targetUtilizationRatio);
  if (isNothing(missing)) {
    // What is committed to is paid in any case: the rest makes way for it.
    const rest = hold.held.filter(({ kind }) => kind !== 'committed');
    await giveBackSurplus(tools, surplusOf(rest, uncarried(shortfall, hold.heldAs('committed'), targetUtilizationRatio), targetUtilizationRatio));
    return true;
  }
  const search = await searchFor(tools, missing, targetUtilizationRatio);
  let left = missing;
  for (const means of meansOf(hold.input)) if (!isNothing(left)) left = await ACQUIRE[means](tools, { ...search, missing: left });
  return isNothing(left);
}

/** Where what is missing could be had; an Auto Scaling group alone has its own places. */
async function searchFor({ hold, template, window, region }: HoldTools, missing: ResourceDemand, targetUtilizationRatio: number): Promise<Search> {
  const { zones, maximum = MOST_HELD } = hold.input;
  if (template === null) return { missing, ladder: [], maximum, targetUtilizationRatio };
  const survey = await surveyFor(hold.input, template.facts, missing, window, region);
  if (survey.overBudget !== null) hold.refuse(`BudgetExceeded: ${survey.overBudget}`);
  for (const sentence of survey.refused) hold.refuse(sentence);
  return { missing, ladder: holdLadder(survey.options, survey.zones, zones), maximum, targetUtilizationRatio };
}

async function giveBackSurplus(tools: HoldTools, surplus: readonly HeldCapacity[]): Promise<void> {
  const { hold, trail, template, region: { undos } } = tools;
  const { owner } = hold;
  const { autoScalingGroup: group = '' } = hold.input;
  // In one step with the choice: it must not be handed over while it is given back.
  hold.remove(surplus.map(({ id }) => id));
  for (const { kind, id, shape, zone } of surplus) {
    if (kind === 'reservation') await say(undos.cancelReservation, `${shape} in ${zone} is no longer needed`, { reservationId: id });
    if (kind === 'instance') await retireReplicas(tools, [id], template?.facts.targetGroups ?? []);
    if (kind === 'group') await say(undos.lowerGroup, `One of ${group} is no longer needed`, { owner, group, step: `lower-${hold.nextStep()}`, by: 1 });
    await trail.record('decision', `${id} is given back: the forecast needs less`, { reason: `${shape} in ${zone}` });
  }
}

/** What EC2 has agreed to deliver, or is still assessing; what it delivers late is not waited for. */
function placesToCome(order: PlacedOrder | null): readonly PlacedOrder[] {
  return order !== null && ['assessing', 'scheduled', 'pending'].includes(order.state) ? Array.from({ length: order.count }, () => order) : [];
}

function freshlyHandedOver(hold: Hold, { fromMs, untilMs }: HoldWindow): Hold['held'] {
  const freshMs = Math.min(FRESH_MS, untilMs - fromMs);
  return hold.handedOver.filter(({ atMs }) => Date.now() - atMs < freshMs).map(({ reservation }) => reservation);
}
