import { Command } from 'commander';
import { MIGRATE_INSTANCE } from '../../contracts/migrate-instance';
import type { MigrateInstanceInput, MigrateInstanceResult } from '../../contracts/migrate-instance';
import { migrationWorkflowId } from '../../contracts/workflow-ids';
import { checkMigrationInput } from '../../domain/migration-input';
import { SYNC_STRATEGIES, SYNC_TAG } from '../../domain/sync-strategy';
import { withClient } from '../environment';
import { milliseconds } from '../parse-options';
import { printResult } from '../print-result';
import { WrongUsage } from '../report-failure';
import { startAlone } from '../start-alone';
import { watchMigration } from '../watch/follow-migration';

interface MigrateOptions {
  readonly stack: string;
  readonly dryRun?: boolean;
  readonly approval?: string;
  readonly reason?: string;
  readonly region?: string;
  readonly kmsKey?: string;
  readonly zone?: string[];
  readonly shape?: string[];
  readonly into?: string;
  readonly sync?: string;
  readonly maxPause?: number;
  readonly onlyIfContended?: boolean;
  readonly detach?: boolean;
  readonly json?: boolean;
}

/** `foreshift migrate` */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Moves an instance: forecast, reserve, shadow, sync, verify, ramp, bake, drain, retire; or back')
    .argument('<instanceId>', 'EC2 instance id')
    .option('--dry-run', 'print the complete plan; change nothing')
    .option('--approval <mode>', '"required" waits for "foreshift approve"; "earned" does what the record of its service allows: foreshift autonomy')
    .option('--reason <text>', 'stands in the audit')
    .option('--region <region>', 'another region to move to, which the workers serve (FORESHIFT_REGIONS); not for an instance behind a load balancer')
    .option('--kms-key <key>', 'KMS key of that region, with which what is copied there is encrypted; default: as it was, with the region\'s default key')
    .option('--zone <zone...>', 'zones to try, in this order')
    .option('--shape <shape...>', 'instance types to try, in this order')
    .option('--into <capacity>', 'a dedicated host (h-...) or a capacity reservation (cr-...) with the fleet in its tag foreshift:fleet, and nowhere else')
    .option('--sync <strategy>', `how the shadow gets the source's state: ${SYNC_STRATEGIES.join(', ')}; default: the tag ${SYNC_TAG}, else image`)
    .option('--max-pause <ms>', 'how long a service whose state is handed over may stand still', milliseconds)
    .option('--only-if-contended', 'refuse unless a fresh forecast says that it runs out')
    .option('--detach', 'return as soon as it is started')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExamples:\n  foreshift migrate i-0123456789abcdef0 --dry-run\n  foreshift migrate i-0123456789abcdef0 --zone us-east-1b --shape m7i.xlarge m6i.xlarge --approval required --detach\n  foreshift migrate i-0123456789abcdef0 --region us-west-2 --sync blocks --dry-run')
    .action(migrate);
}

async function migrate(instanceId: string, options: MigrateOptions): Promise<void> {
  const input = {
    instanceId,
    ...(options.dryRun ? { dryRun: true } : {}),
    ...(options.approval === undefined ? {} : { approval: options.approval }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(options.kmsKey === undefined ? {} : { kmsKeyId: options.kmsKey }),
    ...(options.zone === undefined ? {} : { zones: options.zone }),
    ...(options.shape === undefined ? {} : { shapes: options.shape }),
    ...(options.into === undefined ? {} : { into: options.into }),
    ...(options.sync === undefined ? {} : { sync: options.sync }),
    ...(options.maxPause === undefined ? {} : { maxPauseMs: options.maxPause }),
    ...(options.onlyIfContended ? { onlyIfContended: true } : {}),
  } as MigrateInstanceInput;
  const problems = checkMigrationInput(input);
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  await withClient(options.stack, async (client, config) => {
    const workflowId = migrationWorkflowId(instanceId);
    const summary = `Migrate ${instanceId}${options.reason ? `: ${options.reason}` : ''}`;
    const handle = await startAlone(client, MIGRATE_INSTANCE, { taskQueue: config.taskQueue, workflowId, input, summary }, `instance ${instanceId} is already being migrated by workflow ${workflowId}; "foreshift status ${instanceId}" shows it`);
    if (options.detach === true) {
      console.log(options.json === true ? JSON.stringify({ workflowId, runId: handle.firstExecutionRunId }) : `started ${workflowId}; "foreshift status ${instanceId}" shows it`);
      return;
    }
    if (options.json !== true) await watchMigration(handle, 'text');
    printResult((await handle.result()) as MigrateInstanceResult, options.json === true);
  });
}
