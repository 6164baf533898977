import type { Ended, Scenario } from '../cases/scenario';
import type { Slot } from '../fleet/fleet';
import type { Resources } from './resources';
import { checkHonesty } from './check-honesty';
import { checkService, type Violation } from './check-service';

interface Looked {
  readonly scenario: Scenario;
  readonly slot: Slot;
  readonly ended: Ended;
  readonly workflowId: string;
  readonly runId: string;
}

/** Most instances that a run may have launched beside those that it handed over: a scenario's way back tells on its own. */
const SHADOWS = 1;

/** What AWS says after a case, against what the workflow says and what must hold. */
export async function checkWorld({ resources }: { readonly resources: Resources }, { scenario, slot, ended, workflowId, runId }: Looked): Promise<readonly Violation[]> {
  const owned = await resources.ownedBy(workflowId);
  const violations = [...checkHonesty(ended.left, owned)];
  // Where an operator is needed it is he who decides who serves; that requests were answered was seen.
  if (ended.kind !== 'NeedsOperator') {
    const serving = await servingAfter({ resources }, scenario, slot, ended);
    if (scenario.serving === 'as many' && serving.length !== slot.instanceIds.length) violations.push({ expected: `${slot.instanceIds.length} instance(s)`, found: serving.join(', ') });
    violations.push(...(await checkService(resources, slot, serving)));
  }
  const launched = scenario.name.startsWith('migrateInstance/') ? await resources.launchedBy(runId) : [];
  return launched.length > SHADOWS ? [...violations, { expected: 'one shadow at most', found: launched.join(', ') }] : violations;
}

/** Who is to stand and serve after the case. */
export async function servingAfter(cloud: { readonly resources: Resources }, { serving }: Scenario, slot: Slot, ended: Ended): Promise<readonly string[]> {
  return serving === 'as many' ? standingOf(cloud, slot) : serving(slot, ended);
}

/** Instances of the slot's service that are not gone. */
export async function standingOf({ resources }: { readonly resources: Resources }, { service }: Slot): Promise<readonly string[]> {
  return [...(await resources.instancesOf(service)).keys()];
}
