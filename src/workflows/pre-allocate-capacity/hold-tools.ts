import { beyondBudget } from '../../domain/capacity/budget';
import type { HoldRung } from '../../domain/capacity/hold-ladder';
import type { ResourceDemand } from '../../domain/shapes/shape-demand';
import type { AuditTrail } from '../audit-trail';
import type { RegionProxies } from '../capacity-proxies';
import type { HoldWindow, PoolTemplate } from './assess-need';
import type { Hold } from './hold';

/** What every part of a hold is given. */
export interface HoldTools {
  readonly hold: Hold;
  readonly trail: AuditTrail;
  /** Null where only an Auto Scaling group is raised. */
  readonly template: PoolTemplate | null;
  readonly window: HoldWindow;
  readonly region: RegionProxies;
  readonly pollMs: number;
}

/** What is still to be had, and where. */
export interface Search {
  readonly missing: ResourceDemand;
  readonly ladder: readonly HoldRung[];
  readonly maximum: number;
  readonly targetUtilizationRatio: number;
}

/** What of the search is missing still, when one of the means has done what it can. */
export type Acquire = (tools: HoldTools, search: Search) => Promise<ResourceDemand>;

const HOUR_MS = 3_600_000;

/** Whether one more at that price is within the budget, an hour and until the window ends; where not, the hold says so. */
export function mayAfford({ hold, window }: HoldTools, what: string, usdPerHour: number): boolean {
  const together = hold.held.reduce((sum, one) => sum + one.usdPerHour, usdPerHour);
  const usdTotal = hold.report().holdUsd + (together * Math.max(0, window.untilMs - Date.now())) / HOUR_MS;
  const beyond = beyondBudget(hold.input.budget, { usdPerHour: together, usdTotal });
  if (beyond !== null) hold.refuse(`BudgetExceeded: with one more ${what} ${beyond}`);
  return beyond === null;
}

/** What the best shape in the target zone would cost for so many vCPUs; the price itself where there is none. */
export function bestPriceOf({ ladder: [best] }: Search, vcpus: number, usdPerHour: number): number {
  return best === undefined ? usdPerHour : Math.min(usdPerHour, (best.option.usdPerHour / best.option.vcpus) * vcpus);
}
