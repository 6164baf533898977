import { Command } from 'commander';
import { ensureSchema } from '../../adapters/postgres/schema';
import { addAttributes, missingAttributes } from '../../adapters/temporal/ensure-attributes';
import { withClient, withDatabase } from '../environment';

interface SetupOptions {
  readonly dryRun?: boolean;
  readonly stack: string;
}

/** `foreshift setup` */
export function setupCommand(): Command {
  return new Command('setup')
    .description('Prepares a Temporal namespace and a database for workers: search attributes and tables; what is there stays as it is')
    .option('--dry-run', 'only tells which search attributes are missing')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .addHelpText('after', '\nExamples:\n  foreshift setup --dry-run\n  foreshift --profile prod setup')
    .action(setUp);
}

async function setUp({ dryRun, stack }: SetupOptions): Promise<void> {
  await withClient(stack, async ({ connection }, { temporalNamespace }) => {
    const missing = await missingAttributes(connection, temporalNamespace);
    if (dryRun !== true) await addAttributes(connection, temporalNamespace, missing);
    console.log(`namespace ${temporalNamespace}: ${missing.length === 0 ? 'knows all search attributes' : `${dryRun === true ? 'does not know' : 'was given'} ${missing.join(', ')}`}`);
  });
  if (dryRun === true) return;
  await withDatabase(stack, ensureSchema);
  console.log('database: its tables are there');
}
