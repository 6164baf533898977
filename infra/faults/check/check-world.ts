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
  if (ended.kind !== 'NeedsOperator') violations.push(...(await checkService(resources, slot, scenario.serving(slot, ended))));
  const launched = scenario.name.startsWith('migrateInstance/') ? await resources.launchedBy(runId) : [];
  return launched.length > SHADOWS ? [...violations, { expected: 'one shadow at most', found: launched.join(', ') }] : violations;
}
