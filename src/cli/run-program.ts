import { Command } from 'commander';
import { version } from '../../package.json';
import { PLAIN_ERRORS, withGlobalOptions } from './settings/global-options';

/** Runs the command that was typed, one of these. */
export async function runProgram(commands: readonly Command[], typed: readonly string[]): Promise<void> {
  const program = withGlobalOptions(new Command('foreshift'))
    .usage('[options of all commands] <command> [options]')
    .description('Moves EC2 instances, and prepares capacity for them, before contention happens.')
    .version(version)
    // Options after a subcommand are that one's own, also where its parent has one of the same name.
    .enablePositionalOptions()
    .showHelpAfterError('(foreshift --help shows what there is)')
    .addHelpText(
      'after',
      `
Examples:
  foreshift demo                                   a predictive migration under traffic, on this machine alone
  foreshift local up                               the local cloud: Temporal with UI, an AWS endpoint, a database, a worker
  foreshift migrate i-0123456789abcdef0 --dry-run  what a migration would do, and why
  foreshift audit list --instance i-0123456789abcdef0

Exit codes: 0 done; 1 an error; 2 wrong usage; 3 refused; 4 rolled back; 5 an operator is needed.
Settings: flags, then --stack, then the environment, then the settings file, then a named Temporal profile, then a local cloud that is up, then Temporal's
default profile. "foreshift config" shows what holds, where it comes from and what can be set.`,
    );
  for (const command of commands) program.addCommand(command);
  exitWithUsageCode(program);
  await program.parseAsync(typed, { from: 'user' });
}

/** Commander exits with 1; wrong usage has a code of its own, in subcommands as well. */
function exitWithUsageCode(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2)).configureOutput(PLAIN_ERRORS);
  command.commands.forEach(exitWithUsageCode);
}
