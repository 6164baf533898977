import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DEFAULT_PLAN_POLICY } from '../../domain/fleet-plan/plan-policy';
import { changePlanPolicy, checkPlanPolicy, type PlanPolicyChanges } from '../../domain/fleet-plan/plan-policy-input';
import type { NamedPlan } from '../../simulation/fleet/policies-by-name';
import { WrongUsage } from '../report-failure';

/** Policies out of JSON files, each called after its file; the default policy where there is no file. @throws WrongUsage naming file and field */
export async function readPolicies(files: readonly string[]): Promise<NamedPlan[]> {
  if (files.length === 0) return [{ name: 'foreshift', policy: DEFAULT_PLAN_POLICY }];
  return Promise.all(files.map(async (file) => ({ name: `foreshift ${basename(file, '.json')}`, policy: changePlanPolicy(DEFAULT_PLAN_POLICY, await readPolicyChanges(file)) })));
}

/** What a policy file changes. @throws WrongUsage naming file and field */
export async function readPolicyChanges(file: string): Promise<PlanPolicyChanges> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new WrongUsage(`--policy: ${file} cannot be read: ${(error as Error).message}`);
  });
  const changes = parse(text, file);
  const problems = checkPlanPolicy(changes);
  if (problems.length > 0) throw new WrongUsage(`--policy: ${file}: ${problems.join('; ')}`);
  return changes as PlanPolicyChanges;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WrongUsage(`--policy: ${file} is no JSON: ${(error as Error).message}`);
  }
}
