import { CAPACITY_SCENARIOS } from './capacity-scenarios';
import { MIGRATION_SCENARIOS } from './migration-scenarios';
import { STEERING_SCENARIOS } from './steering-scenarios';
import type { Scenario } from './scenario';

/** All ways through workflows that change something. */
export const SCENARIOS: readonly Scenario[] = [...MIGRATION_SCENARIOS, ...CAPACITY_SCENARIOS, ...STEERING_SCENARIOS];
