import { whileReachable } from './while-reachable';
import type { Database } from './database';

/** A plan without what stands in it. */
export interface PlanHead {
  readonly planId: string;
  readonly planHash: string;
  /** Empty: all fleets. */
  readonly fleet: string;
  readonly atMs: number;
  readonly moves: number;
}

/** The latest plans, newest first, without their bodies: those of a large fleet are megabytes each. */
export async function latestPlanHeads(db: Database, limit: number): Promise<PlanHead[]> {
  const rows = await whileReachable('plans cannot be read', () => db.selectFrom('fleet_plan').select(['id', 'hash', 'fleet', 'at_ms', 'moves']).orderBy('at_ms', 'desc').limit(limit).execute());
  return rows.map(({ id, hash, fleet, at_ms, moves }) => ({ planId: id, planHash: hash, fleet, atMs: Number(at_ms), moves }));
}
