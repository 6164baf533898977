import type { HoldRung } from './hold-ladder';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How far ahead EC2 takes the order, for which families and for how many vCPUs at least (EC2 API reference, CreateCapacityReservation). */
const AHEAD_MS = { least: 5 * DAY_MS, most: 120 * DAY_MS } as const;
const FAMILIES = /^[cmritg]\d/;
const LEAST_VCPUS = 32;
/** What EC2's console proposes. */
export const DEFAULT_COMMITMENT_DAYS = 14;

/** A reservation that starts at a later date, and is paid for the whole of its commitment. */
export interface FutureOrder {
  readonly zone: string;
  readonly shape: string;
  readonly count: number;
  readonly startAtMs: number;
  /** It ends by itself as soon as it may. */
  readonly endAtMs: number;
  readonly usdPerHour: number;
  readonly commitmentUsd: number;
}

export interface OrderWish {
  readonly startAtMs: number;
  readonly untilMs: number;
  readonly commitmentDays: number;
  readonly nowMs: number;
}

/** The order for a place, or the sentence why EC2 takes none. */
export function planOrder({ zone, shape, option }: HoldRung, { startAtMs, untilMs, commitmentDays, nowMs }: OrderWish): FutureOrder | string {
  const aheadMs = startAtMs - nowMs;
  if (aheadMs < AHEAD_MS.least || aheadMs > AHEAD_MS.most) return `a reservation is ordered 5 to 120 days ahead; ${new Date(startAtMs).toISOString()} is ${(aheadMs / DAY_MS).toFixed(1)} days ahead`;
  if (!FAMILIES.test(shape)) return `reservations of a later date are for families c, m, r, i, t and g; ${shape} is none of them`;
  const count = Math.max(option.count, Math.ceil(LEAST_VCPUS / option.vcpus));
  const endAtMs = Math.max(startAtMs + commitmentDays * DAY_MS, untilMs);
  const usdPerHour = count * option.usdPerHour;
  return { zone, shape, count, startAtMs, endAtMs, usdPerHour, commitmentUsd: (usdPerHour * (endAtMs - startAtMs)) / HOUR_MS };
}

/** What whoever accepts it commits to. */
export function commitmentWarning({ zone, shape, count, startAtMs, endAtMs, usdPerHour, commitmentUsd }: FutureOrder): string {
  return `${count} x ${shape} in ${zone} from ${new Date(startAtMs).toISOString()} to ${new Date(endAtMs).toISOString()} at ${usdPerHour.toFixed(4)} USD/h: ${commitmentUsd.toFixed(2)} USD are paid whether it is used or not; once EC2 has agreed, it cannot be cancelled or made smaller before that date`;
}
