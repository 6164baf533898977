import { Command } from 'commander';
import { REAP_ORPHANS, type ReapOrphansInput, type ReapOrphansResult } from '../../contracts/reap-orphans';
import { driftWorkflowId } from '../../contracts/workflow-ids';
import { describeDrift } from '../../domain/recovery/find-drift';
import { withClient } from '../environment';
import { startAlone } from '../start-alone';

/** As for what an operator has to look at. */
const DRIFTED = 2;

/** `foreshift drift` */
export function driftCommand(): Command {
  return new Command('drift')
    .description('Holds what running moves, holds and replicas mean against what AWS has; exit code 2 where anything differs')
    .option('--region <region>', "another region than the workers' own")
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  foreshift drift\n  foreshift drift --json\n\nIt is also part of every run of "foreshift reap".')
    .action(drift);
}

async function drift({ region, stack, json }: { readonly region?: string; readonly stack: string; readonly json?: boolean }): Promise<void> {
  const result = await withClient(stack, async (client, { taskQueue, awsRegion }) => {
    const workflowId = driftWorkflowId(region ?? awsRegion);
    const input: ReapOrphansInput = { dryRun: true, ...(region === undefined ? {} : { region }) };
    const handle = await startAlone(client, REAP_ORPHANS, { taskQueue, workflowId, input, summary: 'Is everything as it is meant to be?' }, `${workflowId} runs already`);
    return (await handle.result()) as ReapOrphansResult;
  });
  const { drift: found, silent } = result.drift;
  if (found.length > 0) process.exitCode = DRIFTED;
  if (json === true) return console.log(JSON.stringify(result.drift, null, 2));
  for (const one of found) console.log(describeDrift(one));
  for (const workflowId of silent) console.log(`${workflowId} did not answer: nothing is known of it`);
  console.log(found.length === 0 ? 'everything that was told is as it is meant to be' : `${found.length} thing(s) are not as they are meant to be`);
}
