import { Command } from 'commander';
import { MIGRATION_MESSAGES } from '../../contracts/migrate-instance';
import { isPlanId, TICK_MESSAGES } from '../../contracts/shape-fleet';
import { migrationWorkflowId } from '../../contracts/workflow-ids';
import { withClient } from '../environment';
import { planOrRefuse, withPlans } from '../plan-store';
import { WrongUsage } from '../report-failure';

interface ApproveOptions {
  readonly plan?: string;
  readonly by?: string;
  readonly decline?: string;
  readonly stack: string;
}

/** `foreshift approve` */
export function approveCommand(): Command {
  return new Command('approve')
    .description('Approves what waits for it: a proposed plan of a fleet, or the plan of one migration')
    .argument('<id>', 'a plan as "foreshift plan" names it, or an EC2 instance id')
    .option('--plan <hash>', 'of a migration: the plan hash as "foreshift status" shows it; of a fleet\'s plan: refuse if the hash is another')
    .option('--by <name>', 'who decides')
    .option('--decline <reason>', 'declines a fleet\'s plan instead')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .addHelpText('after', '\nExamples:\n  foreshift approve plan-1a2b3c4d5e6f --by ada\n  foreshift approve plan-1a2b3c4d5e6f --decline "release day"\n  foreshift approve i-0123456789abcdef0 --plan 3f2a...')
    .action((id: string, options: ApproveOptions) => (isPlanId(id) ? decideOnPlan(id, options) : approveMigration(id, options)));
}

async function approveMigration(instanceId: string, { plan, by, decline, stack }: ApproveOptions): Promise<void> {
  if (plan === undefined) throw new WrongUsage('--plan is missing; expected the plan hash as "foreshift status" shows it');
  if (decline !== undefined) throw new WrongUsage('--decline is for plans of a fleet; a migration is given up with "foreshift abort"');
  await withClient(stack, async (client) => {
    const handle = client.workflow.getHandle(migrationWorkflowId(instanceId));
    console.log(await handle.executeUpdate<string, [object]>(MIGRATION_MESSAGES.approve, { args: [{ planHash: plan, ...(by === undefined ? {} : { by }) }] }));
  });
}

async function decideOnPlan(planId: string, { plan, by, decline, stack }: ApproveOptions): Promise<void> {
  const { workflowId, planHash } = await withPlans(stack, (plans) => planOrRefuse(plans, planId));
  const who = by === undefined ? {} : { by };
  await withClient(stack, async (client) => {
    const handle = client.workflow.getHandle(workflowId);
    if ((await handle.describe()).status.name !== 'RUNNING') throw new Error(`${planId} waits for nobody any more: its tick is over`);
    const answer =
      decline === undefined
        ? await handle.executeUpdate<string, [object]>(TICK_MESSAGES.approve, { args: [{ planHash: plan ?? planHash, ...who }] })
        : await handle.executeUpdate<string, [object]>(TICK_MESSAGES.decline, { args: [{ reason: decline, ...who }] });
    console.log(answer);
  });
}
