import type { GateSetting } from './gate-model';

/** The default: five rules on average, 0.001 of relative loss behind all of them. */
export const GATE: GateSetting = { name: 'gate', smallestWeight: 0.05, mostPlaces: 24, mostPaths: Infinity, leftOut: [] };
/**
 * For many series: hardly more than the one or two best rules, a quarter of their paths, and none of the rules whose computing costs most for what they tell
 * (the analogues cost as much, and stay: without them 0.04 of relative loss would be lost at 30 minutes).
 */
export const FAST_GATE: GateSetting = { name: 'fast-gate', smallestWeight: 0.2, mostPlaces: 3, mostPaths: 30, leftOut: ['regression', 'period', 'day-analog'] };
