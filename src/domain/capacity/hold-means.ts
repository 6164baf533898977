/** How a hold gets capacity: a reservation, more of an Auto Scaling group, an instance that is launched, or one at the spot price, which EC2 may take away. */
export const HOLD_MEANS = ['reservation', 'auto-scaling', 'launch', 'spot'] as const;
export type HoldMeans = (typeof HOLD_MEANS)[number];

/** What a hold may do, in the order in which it does it: what was asked for, or, where nothing was, the group that was named, or else reservations. */
export function meansOf({ means, autoScalingGroup }: { readonly means?: readonly HoldMeans[] | undefined; readonly autoScalingGroup?: string | undefined }): readonly HoldMeans[] {
  return means ?? (autoScalingGroup === undefined ? ['reservation'] : ['auto-scaling']);
}
