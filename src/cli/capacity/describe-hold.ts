import type { HoldStatus, PreAllocateResult } from '../../contracts/pre-allocate-capacity';
import type { HoldReport } from '../../domain/capacity/hold-report';

/** A running hold, for a reader. */
export function describeHold({ pool, window, phase, need, reserveAtMs, held, scheduled, order, handedOver, report, refused, left }: HoldStatus): string {
  return [
    `${pool} ${window}: ${phase}${phase === 'watching' && reserveAtMs !== null ? `, reserves at ${new Date(reserveAtMs).toISOString()}` : ''}`,
    ...(need?.why ?? []).map((line) => `  ${line}`),
    ...held.map(({ id, shape, zone, usdPerHour, rung }) => `  ${id}  ${shape} in ${zone} (${rung})  ${usdPerHour.toFixed(4)} USD/h`),
    ...(order === null ? [] : [`  ${order.reservationId}  ${order.count} x ${order.shape} in ${order.zone}, ordered for ${new Date(order.startAtMs).toISOString()}: ${order.state}; ${order.commitmentUsd.toFixed(2)} USD are committed`]),
    ...(scheduled === null ? [] : [`  AWS raises the group by ${scheduled.by} at ${new Date(scheduled.atMs).toISOString()}, should no worker be there`]),
    ...handedOver.map(({ reservation, by, wouldHaveFailed }) => `  ${reservation.id} was handed over to ${by}${wouldHaveFailed === true ? ', which would have been refused' : ''}`),
    `  ${describeReport(report)}`,
    ...refused.slice(-5).map((line) => `  refused: ${line}`),
    ...left.map((line) => `  left for an operator: ${line}`),
  ].join('\n');
}

/** How a hold or its plan ended, for a reader. */
export function describeHoldResult(result: PreAllocateResult): string {
  switch (result.kind) {
    case 'Planned': {
      const { need, reserveAtMs, places, usdPerHour, holdUsd, commitment } = result;
      const when = reserveAtMs === null ? 'nothing would be held' : `from ${new Date(reserveAtMs).toISOString()}: ${usdPerHour.toFixed(4)} USD/h, ${holdUsd.toFixed(4)} USD until the window ends`;
      return [when, ...need.why.map((line) => `  - ${line}`), ...(commitment === null ? [] : [`commitment: ${commitment.warning}`]), ...(places.length > 0 ? ['places, in this order:', ...places.map((place) => `  - ${place}`)] : [])].join('\n');
    }
    case 'Ended':
      return [`ended: ${result.reason}; nothing is held any more`, describeReport(result.report), ...(result.order === null ? [] : [`  ${result.order.reservationId} was ordered for ${new Date(result.order.startAtMs).toISOString()} and is ${result.order.state}; ${result.order.commitmentUsd.toFixed(2)} USD were committed`]), ...result.handedOver.map(({ reservation, by }) => `  ${reservation.id} went to ${by}`)].join('\n');
    case 'Refused':
      return `refused (${result.error}):\n${result.reasons.map((line) => `  - ${line}`).join('\n')}`;
    case 'NeedsOperator':
      return `an operator is needed: ${result.reasons.join('; ')}\nleft:\n${result.left.map((line) => `  - ${line}`).join('\n')}`;
  }
}

function describeReport({ holdUsd, premiumUsd, handedOver, refusalsAvoided }: HoldReport): string {
  return `hold cost ${holdUsd.toFixed(4)} USD, of it ${premiumUsd.toFixed(4)} for other than the best shape; ${handedOver} handed over, ${refusalsAvoided} refusal(s) avoided`;
}
