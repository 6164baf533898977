import { Command, Option } from 'commander';
import { runDemo } from '../../../infra/local/demo/run-demo';
import { environment, readConfig } from '../../contracts/config';
import { wholeNumber } from '../parse-options';

/** `foreshift demo` */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Shows a predictive migration of a live instance, and one that rolls back, on an embedded local cloud')
    .option('--trace <file>', 'CSV (timestamp,value) or .csv.gz with the load of the instance that runs out; default: generated')
    .addOption(new Option('--scenario <name>', 'only this one; migrate and rollback without it').choices(['migrate', 'rollback', 'provision', 'preallocate', 'scale', 'resize', 'state']))
    .option('--seed <number>', 'of the generated load', wholeNumber(0), 1)
    .option('--keep', 'keep the local cloud running until Ctrl-C')
    .addHelpText('after', '\nExamples:\n  foreshift demo\n  foreshift demo --trace load.csv --scenario migrate --keep\n  foreshift demo --scenario provision\n  foreshift demo --scenario preallocate\n  foreshift demo --scenario scale\n  foreshift demo --scenario resize\n  foreshift demo --scenario state\n\nExit code 0 only if all of it held: outcome, no failed request, nothing left over, audit verified.')
    .action(async (options: { trace?: string; scenario?: 'migrate' | 'rollback' | 'provision' | 'preallocate' | 'scale' | 'resize' | 'state'; seed: number; keep?: boolean }) => {
      const { stack, held } = await runDemo({
        signal: interrupted(),
        config: readConfig(),
        env: { ...environment() },
        stackName: 'demo',
        trace: options.trace ?? null,
        scenarios: options.scenario === undefined ? ['migrate', 'rollback'] : [options.scenario],
        seed: options.seed,
        say: (line) => console.log(line),
      });
      process.exitCode = held ? 0 : 1;
      if (options.keep === true) {
        console.log(`The local cloud "demo" stays up until Ctrl-C. Try: foreshift audit list --stack demo`);
        await new Promise<void>((resolve) => {
          process.once('SIGINT', resolve);
          process.once('SIGTERM', resolve);
        });
      }
      const kept = await stack.stop();
      console.log(`Everything is stopped; logs and the database are kept in ${kept.join(', ')}`);
    });
}

/** Ctrl-C and SIGTERM end the demo in order: a signal that kills the supervisor would leave its processes behind. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort(new Error(`interrupted by ${name}`)));
  return controller.signal;
}
