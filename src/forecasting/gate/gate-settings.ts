import type { GateSetting } from './gate-model';

/** The default: five rules on average, 0.001 of relative loss behind all of them. */
export const GATE: GateSetting = { name: 'gate', smallestWeight: 0.05, mostSteps: 288 };
/** For many series: hardly more than the one or two best rules. */
export const FAST_GATE: GateSetting = { name: 'fast-gate', smallestWeight: 0.2, mostSteps: 288 };
