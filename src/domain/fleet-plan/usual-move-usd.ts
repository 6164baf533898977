import type { SlaClass } from '../queue/move-request';
import type { Shape } from '../shape';
import { estimateMove } from '../sizing/move-estimate';
import { moveUsd, overloadUsdPerHour } from '../sizing/size-instance';
import type { FleetPlanPolicy } from './plan-policy';

/** What moving an instance to a shape like its own costs, in USD, where no plan weighed it: a drain, or an operator's wish. Its state is not counted. */
export function usualMoveUsd(shape: Shape, slaClass: SlaClass, { durations, transferBytesPerSecond, sizing }: FleetPlanPolicy): number {
  return moveUsd(shape, estimateMove(durations, 0, transferBytesPerSecond), overloadUsdPerHour(shape, slaClass, sizing), slaClass, sizing);
}
