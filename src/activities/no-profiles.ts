import type { WorkloadProfilePort } from './workload-profile-port';

/** Where no profiles are kept: limits and the calendar alone are left, and every look says so. */
export const NO_PROFILES: WorkloadProfilePort = { bandNow: async () => null, predictBurst: async () => null };
