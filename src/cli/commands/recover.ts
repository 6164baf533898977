import { Command, Option } from 'commander';
import { RECOVER_MIGRATION, type RecoverMigrationInput, type RecoverMigrationResult } from '../../contracts/recover-migration';
import { migrationWorkflowId, recoveryLookId } from '../../contracts/workflow-ids';
import type { RecoveryWay } from '../../domain/recovery/assess-move';
import { checkRecoverInput } from '../../domain/recovery/recover-input';
import { withClient } from '../environment';
import { describeRecovered } from '../recovery/describe-recovered';
import { WrongUsage } from '../report-failure';
import { startAlone } from '../start-alone';

interface RecoverOptions {
  readonly dryRun?: boolean;
  readonly continue?: boolean;
  readonly rollBack?: boolean;
  readonly adopt?: boolean;
  readonly reason?: string;
  readonly actor?: string;
  readonly stack: string;
  readonly json?: boolean;
}

const EXIT_CODES: Readonly<Record<RecoverMigrationResult['kind'], number>> = { Assessed: 0, Completed: 0, RolledBack: 0, Refused: 3, NeedsOperator: 5 };

/** `foreshift recover ID` */
export function recoverCommand(): Command {
  return new Command('recover')
    .description('Brings a move to an end that was terminated, timed out or asked an operator; without a way it only tells what state the world is in')
    .argument('<instanceId>', 'the instance that was to be moved')
    .option('--dry-run', 'tell what state the world is in and which ways are safe; the default')
    .addOption(new Option('--continue', 'the shadow takes everything and the source is retired, if all checks hold').conflicts(['rollBack', 'adopt', 'dryRun']))
    .addOption(new Option('--roll-back', 'the source, if it can serve, takes everything back, and the rest is removed').conflicts(['continue', 'adopt', 'dryRun']))
    .addOption(new Option('--adopt', 'the shadow keeps its place, without the tags of the move; nothing else is touched').conflicts(['continue', 'rollBack', 'dryRun']))
    .option('--reason <text>', 'stands in the audit')
    .option('--actor <name>', 'who asks; stands in the audit')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  foreshift recover i-0123456789abcdef0                 what state is it in, and what is safe?
  foreshift recover i-0123456789abcdef0 --roll-back --reason "the worker was lost"
  foreshift recover i-0123456789abcdef0 --continue

Exit codes: 3 where the way is not safe, 5 where something is left to an operator.`,
    )
    .action(recover);
}

async function recover(instanceId: string, { stack, json, reason, actor, ...options }: RecoverOptions): Promise<void> {
  const way = wayOf(options);
  const input: RecoverMigrationInput = { instanceId, ...(way === null ? {} : { way }), ...(reason === undefined ? {} : { reason }), ...(actor === undefined ? {} : { actor }) };
  const problems = checkRecoverInput(input);
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  const lock = migrationWorkflowId(instanceId);
  await withClient(stack, async (client, { taskQueue }) => {
    // A look holds no lock, so that it may be had while something runs.
    const workflowId = way === null ? recoveryLookId(instanceId) : lock;
    const summary = `Recover the move of ${instanceId}${way === null ? ' (a look)' : `: ${way}`}`;
    const handle = await startAlone(client, RECOVER_MIGRATION, { taskQueue, workflowId, input, summary }, `${workflowId} runs; "foreshift status ${instanceId}" shows it, and "foreshift abort" takes it back`);
    const result = (await handle.result()) as RecoverMigrationResult;
    process.exitCode = EXIT_CODES[result.kind];
    console.log(json === true ? JSON.stringify(result, null, 2) : describeRecovered(instanceId, result));
  });
}

function wayOf(options: Pick<RecoverOptions, 'continue' | 'rollBack' | 'adopt'>): RecoveryWay | null {
  if (options.continue === true) return 'continue';
  if (options.rollBack === true) return 'rollBack';
  return options.adopt === true ? 'adopt' : null;
}
