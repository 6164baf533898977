import { Command } from 'commander';
import { WithStartWorkflowOperation, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client, Workflow, WorkflowHandle } from '@temporalio/client';
import { PROVISION_MESSAGES, PROVISION_REPLICAS } from '../../contracts/provision-replicas';
import type { ProvisionAcceptance, ProvisionReplicasInput, ProvisionReplicasResult, ProvisionStatus, ReleaseArgs } from '../../contracts/provision-replicas';
import { replicasWorkflowId } from '../../contracts/workflow-ids';
import { differingFields } from '../../domain/capacity/differing-fields';
import { checkReplicaInput } from '../../domain/capacity/replica-input';
import { describeAcceptance, describeProvisioned } from '../capacity/describe-provisioned';
import { readRequestFile } from '../capacity/read-request-file';
import { describePhase } from '../describe-phase';
import { withClient } from '../environment';
import { WrongUsage } from '../report-failure';

interface Common {
  readonly stack: string;
  readonly json?: boolean;
}

const TAKEN_WITHIN_MS = 10_000;

const EXIT_CODES: Readonly<Record<ProvisionReplicasResult['kind'], number>> = { Provisioned: 0, Released: 0, Refused: 3, RolledBack: 4, NeedsOperator: 5 };

/** `foreshift provision -f FILE`, `foreshift provision status|release ID` */
export function provisionCommand(): Command {
  const provision = common(new Command('provision'))
    .description('Provides replicas of a service: forecast, shape, reserve, launch, health, register; or nothing at all')
    .option('-f, --file <file>', 'the request as JSON; "-" reads it from standard input')
    .option('--detach', 'return with the early answer')
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
A request: {"requestId": "web-friday", "template": {"instanceId": "i-0123456789abcdef0"}, "minimum": 2, "keep": true}
The same request under the same id is carried out once: whoever asks again gets the same answer.

Examples:
  foreshift provision -f request.json
  foreshift provision status web-friday
  foreshift provision release web-friday --reason "the sale is over"`,
    )
    .action(begin);
  common(provision.command('status')).description('How far a request is, its replicas and what was replaced').argument('<requestId>').action(status);
  common(provision.command('release')).description('Gives back what is kept, or what is being provided').argument('<requestId>').option('--reason <text>', 'stands in the audit').action(release);
  return provision;
}

function common(command: Command): Command {
  return command.option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
}

async function begin(options: Common & { file?: string; detach?: boolean }): Promise<void> {
  const input = await readRequest(options.file);
  await withClient(options.stack, async (client, { taskQueue }) => {
    const result = await carryOut(client, taskQueue, input, options);
    if (result === null) return;
    process.exitCode = EXIT_CODES[result.kind];
    console.log(options.json === true ? JSON.stringify(result, null, 2) : describeProvisioned(result));
  });
}

/** The final answer; null where the early one was enough. */
async function carryOut(client: Client, taskQueue: string, input: ProvisionReplicasInput, { json, detach }: Common & { detach?: boolean }): Promise<ProvisionReplicasResult | null> {
  const workflowId = replicasWorkflowId(input.requestId);
  const startWorkflowOperation = new WithStartWorkflowOperation(PROVISION_REPLICAS, {
    workflowId,
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    // What was answered stays answered: a request that is done is not done again. One that was ended from outside had no answer.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    staticSummary: `Replicas for ${input.requestId}`.slice(0, 190),
  });
  try {
    const acceptance = await client.workflow.executeUpdateWithStart<Workflow, ProvisionAcceptance, [ProvisionReplicasInput]>(PROVISION_MESSAGES.accept, { startWorkflowOperation, args: [input] });
    if (json !== true) console.log(describeAcceptance(acceptance));
    else if (detach === true) console.log(JSON.stringify(acceptance, null, 2));
    if (detach === true) {
      process.exitCode = acceptance.accepted ? 0 : EXIT_CODES.Refused;
      return null;
    }
    const handle = client.workflow.getHandle(workflowId);
    if (input.keep !== true) return (await handle.result()) as ProvisionReplicasResult;
    return await settled(handle);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return earlierAnswer(client.workflow.getHandle(workflowId), input);
  }
}

/** What is kept has answered although it goes on; what could not be provided ends, maybe before it is asked. */
async function settled(handle: WorkflowHandle): Promise<ProvisionReplicasResult> {
  return Promise.race([handle.result() as Promise<ProvisionReplicasResult>, handle.executeUpdate<ProvisionReplicasResult, []>(PROVISION_MESSAGES.settle).catch(() => handle.result() as Promise<ProvisionReplicasResult>)]);
}

async function earlierAnswer(handle: WorkflowHandle, input: ProvisionReplicasInput): Promise<ProvisionReplicasResult> {
  const result = (await handle.result()) as ProvisionReplicasResult;
  const differing = differingFields(result.request, input);
  if (differing.length > 0) throw new Error(`requestId "${input.requestId}" was used for another request: ${differing.join(', ')} differ(s); a request id stands for one request`);
  return result;
}

async function readRequest(file: string | undefined): Promise<ProvisionReplicasInput> {
  if (file === undefined) throw new WrongUsage('file is missing; provision needs -f FILE with the request as JSON');
  const request = await readRequestFile(file);
  const problems = checkReplicaInput(request);
  if (problems.length > 0) throw new WrongUsage(`${file}: ${problems.join('; ')}`);
  return request as ProvisionReplicasInput;
}

async function status(requestId: string, options: Common): Promise<void> {
  const found = await withClient(options.stack, (client) => client.workflow.getHandle(replicasWorkflowId(requestId)).query<ProvisionStatus>(PROVISION_MESSAGES.status));
  if (options.json === true) return console.log(JSON.stringify(found, null, 2));
  console.log(`${requestId}: ${found.outcome ?? found.phase}`);
  for (const phase of found.phases) console.log(describePhase(phase));
  for (const { instanceId, shape, zone, usdPerHour } of found.replicas) console.log(`  ${instanceId}  ${shape} in ${zone}  ${usdPerHour.toFixed(4)} USD/h`);
  for (const { lost, by, why, noticedAtMs, readyAtMs } of found.replacements) console.log(`  ${lost} was replaced by ${by} in ${((readyAtMs - noticedAtMs) / 1000).toFixed(1)} s: ${why}`);
  if (found.undo.length > 0) console.log(`a rollback would: ${found.undo.join('; ')}`);
  if (found.left.length > 0) console.log(`left for an operator: ${found.left.join('; ')}`);
}

async function release(requestId: string, options: Common & { reason?: string }): Promise<void> {
  const args: ReleaseArgs = options.reason === undefined ? {} : { reason: options.reason };
  // The server keeps no update that no worker has taken: whoever asks must stay until one has.
  const waiting = setTimeout(() => console.error(`no worker has taken it within ${TAKEN_WITHIN_MS / 1000} s; it is given back once one does, as long as this command waits`), TAKEN_WITHIN_MS);
  const answer = await withClient(options.stack, (client) => client.workflow.getHandle(replicasWorkflowId(requestId)).executeUpdate<string, [ReleaseArgs]>(PROVISION_MESSAGES.release, { args: [args] })).finally(() => clearTimeout(waiting));
  console.log(options.json === true ? JSON.stringify({ requestId, answer }) : answer);
}
