import type { CapacityNeedNow, HoldCost } from '../../contracts/pre-allocate-capacity';
import { beyondBudget } from '../../domain/capacity/budget';
import { DEFAULT_COMMITMENT_DAYS, commitmentWarning, planOrder, type FutureOrder } from '../../domain/capacity/future-dated';
import { holdLadder, type HoldRung } from '../../domain/capacity/hold-ladder';
import { meansOf } from '../../domain/capacity/hold-means';
import type { CapacityOption } from '../../domain/capacity/next-place';
import { DEFAULT_TARGET_UTILIZATION_RATIO } from '../../domain/capacity/need-defaults';
import { unitsFor } from '../../domain/capacity/shortfall';
import { say } from '../activity-proxies';
import { Refusal } from '../refusal';
import { surveyFor } from './assess-need';
import type { HoldTools } from './hold-tools';

const HOUR_MS = 3_600_000;

export interface HoldPreview extends HoldCost {
  /** What would be ordered for a later date. */
  readonly order: (FutureOrder & Pick<CapacityOption, 'vcpus' | 'memoryMiB'>) | null;
  /** Where it would be had, in the order in which it is tried. */
  readonly places: readonly string[];
}

interface Offer {
  readonly usdPerHour: number;
  readonly places: readonly string[];
  readonly best?: HoldRung;
}

/**
 * What a hold would do and cost: the first of its means, all of it, from then until the window ends. Reads only.
 *
 * @throws Refusal `BudgetExceeded` with the sum, or `NoShape`
 */
export async function previewHold(tools: HoldTools, need: CapacityNeedNow, reserveAtMs: number): Promise<HoldPreview> {
  const { hold, window } = tools;
  const offers: Offer[] = [];
  const means = meansOf(hold.input);
  for (const one of means) {
    if (one === 'auto-scaling') offers.push(await groupOffer(tools, need));
    else if (one === means.find((other) => other !== 'auto-scaling')) offers.push(await shapeOffer(tools, need));
  }
  const usdPerHour = offers[0]?.usdPerHour ?? 0;
  const holdUsd = (usdPerHour * Math.max(0, window.untilMs - reserveAtMs)) / HOUR_MS;
  const best = offers.find((offer) => offer.best !== undefined)?.best;
  const order = hold.input.futureDated === true && best !== undefined ? orderOf(tools, best, reserveAtMs) : null;
  const cost = order === null ? { usdPerHour, holdUsd } : { usdPerHour: order.usdPerHour, holdUsd: order.commitmentUsd };
  const beyond = beyondBudget(hold.input.budget, { usdPerHour: cost.usdPerHour, usdTotal: cost.holdUsd });
  if (beyond !== null) throw new Refusal('BudgetExceeded', [beyond]);
  const commitment = order === null ? null : { usd: order.commitmentUsd, warning: commitmentWarning(order) };
  return { ...cost, commitment, order, places: offers.flatMap(({ places }) => places) };
}

function orderOf({ hold, window }: HoldTools, best: HoldRung, startAtMs: number): HoldPreview['order'] {
  const order = planOrder(best, { startAtMs, untilMs: window.untilMs, commitmentDays: hold.input.commitmentDays ?? DEFAULT_COMMITMENT_DAYS, nowMs: Date.now() });
  if (typeof order === 'string') throw new Refusal('InvalidInput', [`futureDated: ${order}`]);
  return { ...order, vcpus: best.option.vcpus, memoryMiB: best.option.memoryMiB };
}

async function groupOffer({ hold, region: { acts } }: HoldTools, { shortfall }: CapacityNeedNow): Promise<Offer> {
  const { autoScalingGroup: group = '', targetUtilizationRatio = DEFAULT_TARGET_UTILIZATION_RATIO } = hold.input;
  const sight = await say(acts.lookAtGroup, `Look at ${group}`, { owner: hold.owner, group });
  const by = unitsFor(shortfall, sight, targetUtilizationRatio);
  const usdPerHour = by * sight.usdPerHour;
  const room = sight.room < by ? `, of which its maximum allows ${sight.room}` : '';
  return { usdPerHour, places: [`${group} from ${sight.desired} to ${sight.desired + by} x ${sight.shape}${room}, ${sight.warm ?? 'no'} in its warm pool, ${usdPerHour.toFixed(4)} USD/h (auto-scaling)`] };
}

/** The same places for reservations and for launches, which cost the same; spot at most that. */
async function shapeOffer({ hold, template, window, region }: HoldTools, { shortfall }: CapacityNeedNow): Promise<Offer> {
  if (template === null) throw new Error('shapes without a template');
  const survey = await surveyFor(hold.input, template.facts, shortfall, window, region);
  if (survey.overBudget !== null) throw new Refusal('BudgetExceeded', [survey.overBudget]);
  const [chosen] = survey.options;
  if (chosen === undefined) throw new Refusal('NoShape', survey.refused);
  const ladder = holdLadder(survey.options, survey.zones, hold.input.zones);
  const [best] = ladder;
  return {
    ...(best === undefined ? {} : { best }),
    usdPerHour: chosen.usdPerHour * chosen.count,
    places: ladder.map(({ zone, shape, rung, option }) => `${option.count} x ${shape} in ${zone}, ${(option.usdPerHour * option.count).toFixed(4)} USD/h (${rung})`),
  };
}
