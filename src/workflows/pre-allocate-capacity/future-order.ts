import { say } from '../activity-proxies';
import { Refusal } from '../refusal';
import type { HoldTools } from './hold-tools';
import type { HoldPreview } from './preview';

/**
 * Orders the reservation for its later date, where its commitment is accepted.
 *
 * @throws Refusal `BudgetExceeded` with the warning where it is not
 */
export async function placeOrder({ hold, trail, region: { acts } }: HoldTools, order: NonNullable<HoldPreview['order']>, warning: string): Promise<void> {
  const { acceptCommitmentUsd = 0, pool } = hold.input;
  if (order.commitmentUsd > acceptCommitmentUsd) throw new Refusal('BudgetExceeded', [`${warning}; acceptCommitmentUsd is ${acceptCommitmentUsd}`]);
  const placed = await say(acts.orderCapacity, `Order ${order.count} x ${order.shape} in ${order.zone} for ${pool}`, { owner: hold.owner, order, step: `order-${hold.nextStep()}`, pool });
  hold.note({ order: { ...order, ...placed } });
  await trail.record('decision', `${placed.reservationId} is ordered for ${pool}`, { reason: warning, detail: placed });
}

/** What became of the order: once it is active its places are held; where EC2 could not agree, capacity is had as if nothing had been ordered. */
export async function followOrder({ hold, trail, region: { acts } }: HoldTools): Promise<void> {
  const { order } = hold;
  if (order === null || order.state === 'active' || isOver(order.state)) return;
  const { reservationId, zone, shape, vcpus, memoryMiB, count, usdPerHour } = order;
  const { state } = await say(acts.reservationState, `What became of ${reservationId}?`, { reservationId });
  if (state === order.state) return;
  hold.note({ order: { ...order, state } });
  await trail.record(isOver(state) ? 'refusal' : 'readback', `${reservationId} is ${state}`, { reason: `it was ${order.state}` });
  if (isOver(state)) hold.refuse(`${reservationId}, ordered for ${new Date(order.startAtMs).toISOString()}, is ${state}`);
  if (state !== 'active') return;
  const each = usdPerHour / count;
  for (let place = 1; place <= count; place += 1) hold.add({ kind: 'committed', id: `${reservationId}/${place}`, zone, shape, usdPerHour: each, vcpus, memoryMiB, bestUsdPerHour: each, sinceMs: Date.now(), rung: 'future-dated' });
}

function isOver(state: string): boolean {
  return state === 'unsupported' || state === 'failed' || state === 'cancelled' || state === 'expired';
}
