import { Command } from 'commander';
import type { OutputConfiguration } from 'commander';
import { printable } from '../../domain/shown';

/** What was typed stands in what is said about it. */
export const PLAIN_ERRORS: OutputConfiguration = { outputError: (text, write) => write(printable(text)) };

/** What may stand before the command, and holds for whichever it is. */
export interface GlobalOptions {
  readonly config?: string;
  readonly profile?: string;
  readonly address?: string;
  readonly namespace?: string;
}

/** Adds the options that every command shares. */
export function withGlobalOptions(program: Command): Command {
  return program
    .option('--config <file>', 'the settings file; otherwise FORESHIFT_CONFIG, ./foreshift.yaml or ~/.config/foreshift/foreshift.yaml')
    .option('--profile <name>', "a profile of Temporal's configuration file")
    .option('--address <host:port>', 'the Temporal server')
    .option('--namespace <name>', 'its namespace');
}

/** Takes them from the beginning of what was typed; what follows is the command's. */
export function takeGlobalOptions(typed: readonly string[]): { readonly options: GlobalOptions; readonly rest: string[] } {
  const leading = withGlobalOptions(new Command()).helpOption(false).allowUnknownOption().allowExcessArguments().passThroughOptions().enablePositionalOptions();
  leading.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2)).configureOutput(PLAIN_ERRORS);
  leading.parse(typed, { from: 'user' });
  return { options: leading.opts<GlobalOptions>(), rest: leading.args };
}
