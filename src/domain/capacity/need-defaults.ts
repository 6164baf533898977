/** What requests for replicas and for held capacity mean where they do not say. */
export const DEFAULT_TARGET_UTILIZATION_RATIO = 0.7;
export const DEFAULT_QUANTILE = 0.9;
