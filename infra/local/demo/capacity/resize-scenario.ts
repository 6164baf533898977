import { ADJUST_SHAPE, RESIZE_IN_PLACE, type AdjustShapeInput, type AdjustShapeResult, type ResizeInPlaceInput, type ResizeResult } from '../../../../src/contracts/adjust-shape';
import { migrationWorkflowId, shapeWorkflowId } from '../../../../src/contracts/workflow-ids';
import { control } from '../control-client';
import type { ScenarioContext } from '../scenario';
import type { ScenarioOutcome } from '../scenario-outcome';

const NAME = 'web-1';
const LARGER = 'm7i.xlarge';
/** There is none of it. */
const SCARCE = 'm7i.2xlarge';
const ZONES = ['us-east-1a', 'us-east-1b'];

/** An instance is weighed, becomes a larger type in place, and is what it was where the next type is not to be had: out of its group, stopped, changed, started, back again. */
export async function resize({ client, taskQueue, endpoint, fleet, say }: ScenarioContext): Promise<ScenarioOutcome> {
  const instanceId = fleet.instances.find(({ name }) => name === NAME)?.instanceId ?? '';
  const violations: string[] = [];
  const facts: string[] = [];
  const look: AdjustShapeInput = { instanceId, rounds: 1 };
  const seen = (await client.workflow.execute(ADJUST_SHAPE, { taskQueue, workflowId: shapeWorkflowId(instanceId), args: [look], staticSummary: `Demo: shape of ${NAME}` })) as AdjustShapeResult;
  say(`  ${NAME} is a ${seen.shape ?? '?'}: ${seen.last}`);
  if (seen.outcome !== 'Ended' || seen.shape === null) violations.push(`${NAME} should have been weighed: ${JSON.stringify(seen)}`);

  const become = async (shape: string): Promise<ResizeResult> => {
    const input: ResizeInPlaceInput = { instanceId, shape, reason: 'the demo' };
    const result = (await client.workflow.execute(RESIZE_IN_PLACE, { taskQueue, workflowId: migrationWorkflowId(instanceId), args: [input], staticSummary: `Demo: ${NAME} becomes ${shape}` })) as ResizeResult;
    say(`  ${NAME} becomes ${shape}: ${result.kind}${result.kind === 'Resized' ? `, ${(result.downMs / 1000).toFixed(1)} s out of service` : ` (${result.reasons.join('; ')})`}`);
    return result;
  };
  const larger = await become(LARGER);
  if (larger.kind === 'Resized') facts.push(`${NAME} became ${LARGER}, out of service for ${(larger.downMs / 1000).toFixed(1)} s`);
  else violations.push(`it should be ${LARGER}: ${JSON.stringify(larger)}`);

  for (const zone of ZONES) await control(endpoint, 'PUT', '/_local/pools', { zone, shape: SCARCE, capacity: 0 });
  const back = await become(SCARCE);
  for (const zone of ZONES) await control(endpoint, 'PUT', '/_local/pools', { zone, shape: SCARCE, capacity: null });
  if (back.kind === 'RolledBack') facts.push(`no ${SCARCE} was to be had: it is ${LARGER} again and serves`);
  else violations.push(`it should be ${LARGER} again: ${JSON.stringify(back)}`);
  return { facts, meantToStay: [], mayFail: [], violations };
}
