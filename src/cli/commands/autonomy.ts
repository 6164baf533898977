import { Command, Option } from 'commander';
import { createAutonomyStore } from '../../adapters/postgres/autonomy-store';
import { DEFAULT_AUTONOMY } from '../../domain/autonomy/autonomy-thresholds';
import { decideAutonomy } from '../../domain/autonomy/decide-autonomy';
import { FLEET_MODES, type FleetMode } from '../../domain/fleet-plan/plan-modes';
import { describeStandings, type PoolStanding } from '../autonomy/pool-standing';
import { withDatabase } from '../environment';
import { WrongUsage } from '../report-failure';

interface Common {
  readonly stack: string;
  readonly json?: boolean;
}

const NO_CAP = 'none';

/** `foreshift autonomy [POOL]`, `foreshift autonomy set` */
export function autonomyCommand(): Command {
  const autonomy = common(new Command('autonomy'))
    .description('What mode each pool has earned by its measured record, why, and what the next one lacks')
    .argument('[pool]', 'value of the tag foreshift:service; default: all that something is known of')
    .addHelpText(
      'after',
      `
A mode is used by "foreshift plan --mode earned" and "foreshift migrate --approval earned", which also write its changes down; this only looks.

Examples:
  foreshift autonomy
  foreshift autonomy shop --json
  foreshift autonomy set shop --cap propose --reason "the release is on Friday"
  foreshift autonomy set shop --cap none --reason "it is out"`,
    )
    .enablePositionalOptions()
    .action(show);
  common(autonomy.command('set'))
    .description('Caps the mode of a pool, from the next time that it is asked for')
    .argument('<pool>', 'value of the tag foreshift:service')
    .addOption(new Option('--cap <mode>', `the highest that it may have; "${NO_CAP}" takes the cap away`).choices([...FLEET_MODES, NO_CAP]).makeOptionMandatory())
    .requiredOption('--reason <text>', 'stands in the audit')
    .option('--actor <name>', 'who says so; stands in the audit', 'operator')
    .action(cap);
  return autonomy;
}

function common(command: Command): Command {
  return command.option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
}

async function show(pool: string | undefined, { stack, json }: Common): Promise<void> {
  const standings = await withDatabase(stack, async (db) => {
    const store = createAutonomyStore(db);
    const found: PoolStanding[] = [];
    for (const one of pool === undefined ? await store.pools() : [pool]) {
      const record = await store.read(one, { nowMs: Date.now(), latelyMs: DEFAULT_AUTONOMY.latelyMs });
      found.push({ pool: one, record, decision: decideAutonomy(record, DEFAULT_AUTONOMY) });
    }
    return found;
  });
  if (json === true) console.log(JSON.stringify(standings, null, 2));
  else if (standings.length === 0) console.log('nothing is known of any pool yet; one that has no record proposes');
  else console.log(describeStandings(standings));
}

async function cap(pool: string, { stack, json, cap: mode, reason, actor }: Common & { readonly cap: string; readonly reason: string; readonly actor: string }): Promise<void> {
  if (reason.trim() === '' || reason.length > 500) throw new WrongUsage('--reason: expected a text of 1 to 500 characters');
  const capped = mode === NO_CAP ? null : (mode as FleetMode);
  await withDatabase(stack, (db) => createAutonomyStore(db).cap({ pool, mode: capped, reason, actor, atMs: Date.now() }));
  console.log(json === true ? JSON.stringify({ pool, cap: capped }) : `${pool} is ${capped === null ? 'no longer capped' : `capped at ${capped}`}`);
}
