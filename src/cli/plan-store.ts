import type { PlanStore, StoredPlan } from '../activities/plan-port';
import { createPlanStore } from '../adapters/postgres/plan-store';
import { withDatabase } from './environment';
import { WrongUsage } from './report-failure';

/** Runs `work` with the plans of the stack's database. */
export async function withPlans<T>(stack: string, work: (plans: PlanStore) => Promise<T>): Promise<T> {
  return withDatabase(stack, (db) => work(createPlanStore(db)));
}

/** A plan by its id. @throws WrongUsage where there is none */
export async function planOrRefuse(plans: PlanStore, planId: string): Promise<StoredPlan> {
  const plan = await plans.readPlan(planId);
  if (plan === null) throw new WrongUsage(`there is no plan ${planId}; "foreshift plan list" names those that are`);
  return plan;
}
