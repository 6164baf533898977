import { Command } from 'commander';
import type { WorkflowHandle } from '@temporalio/client';
import { MIGRATION_MESSAGES } from '../../contracts/migrate-instance';
import type { MigrationStatus, RampRateArgs } from '../../contracts/migrate-instance';
import { migrationWorkflowId } from '../../contracts/workflow-ids';
import { describePhase } from '../describe-phase';
import { withClient } from '../environment';
import { milliseconds, rampSteps } from '../parse-options';
import { watchMigration } from '../watch/follow-migration';
import { approveCommand } from './approve';

interface Common {
  readonly stack: string;
  readonly json?: boolean;
}

/** What an operator says to a running migration: `status`, `watch`, `pause`, `resume`, `approve`, `abort`, `ramp`. */
export function operateCommands(): Command[] {
  return [
    verb('status', 'Shows a migration: phase, plan, shadow, weights, what a rollback would undo').action(status),
    verb('watch', 'Shows a running migration to its end: phases, traffic, state, verdicts').action((id: string, options: Common) => onMigration(id, options, (handle) => watchMigration(handle, options.json === true ? 'json' : 'text'))),
    verb('pause', 'Holds a migration at its next safe point').action((id: string, options: Common) => onMigration(id, options, (handle) => handle.signal(MIGRATION_MESSAGES.pause))),
    verb('resume', 'Lets a paused migration go on').action((id: string, options: Common) => onMigration(id, options, (handle) => handle.signal(MIGRATION_MESSAGES.resume))),
    verb('abort', 'Rolls a migration back')
      .requiredOption('--reason <text>', 'stands in the audit')
      .action((id: string, options: Common & { reason: string }) =>
        onMigration(id, options, async (handle) => say(await handle.executeUpdate<string, [object]>(MIGRATION_MESSAGES.abort, { args: [{ reason: options.reason }] }))),
      ),
    approveCommand(),
    verb('ramp', 'Changes the ramp steps still to come')
      .option('--steps <percents>', 'rising, ending with 100: 25,50,100', rampSteps)
      .option('--step-ms <ms>', 'duration of a step', milliseconds)
      .action((id: string, options: Common & { steps?: number[]; stepMs?: number }) => {
        const args: RampRateArgs = { ...(options.steps ? { stepsPercent: options.steps } : {}), ...(options.stepMs === undefined ? {} : { stepMs: options.stepMs }) };
        return onMigration(id, options, async (handle) => say(await handle.executeUpdate<string, [RampRateArgs]>(MIGRATION_MESSAGES.setRampRate, { args: [args] })));
      }),
  ];
}

function verb(name: string, description: string): Command {
  return new Command(name).description(description).argument('<instanceId>', 'EC2 instance id').option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
}

async function onMigration(instanceId: string, { stack }: Common, work: (handle: WorkflowHandle) => Promise<void>): Promise<void> {
  await withClient(stack, (client) => work(client.workflow.getHandle(migrationWorkflowId(instanceId))));
}

async function status(instanceId: string, options: Common): Promise<void> {
  await onMigration(instanceId, options, async (handle) => {
    const found = await handle.query<MigrationStatus>(MIGRATION_MESSAGES.status);
    if (options.json === true) return say(JSON.stringify(found, null, 2));
    say(`${instanceId}: ${found.outcome ?? found.phase}${found.paused ? ' (paused)' : ''}${found.aborting === null ? '' : ` (aborting: ${found.aborting})`}`);
    for (const phase of found.phases) say(describePhase(phase));
    if (found.awaitingApproval !== null) say(`waits for: foreshift approve ${instanceId} --plan ${found.awaitingApproval.planHash}`);
    if (found.undo.length > 0) say(`a rollback would: ${found.undo.join('; ')}`);
    if (found.left.length > 0) say(`left for an operator: ${found.left.join('; ')}`);
  });
}

function say(line: string): void {
  console.log(line);
}
