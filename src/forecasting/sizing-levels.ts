import { STANDARD_LEVELS } from './forecast-model';

/** Sizes are decided far out in the tail: where overload costs 30 times the instance, half a size is given up at a chance of 1 in 60. */
export const SIZING_LEVELS: readonly number[] = [...STANDARD_LEVELS, 0.975, 0.99, 0.995, 0.998];

/** How much the past's same time of day counts beside the model when a size is decided (0..1). */
export const PROFILE_WEIGHT = 0.15;
