import type { Command } from 'commander';

export interface OptionGrammar {
  readonly flag: string;
  /** Null for a switch. */
  readonly value: string | null;
  readonly choices: readonly string[];
  readonly mandatory: boolean;
}

/** One command as commander knows it: what is typed, and what may follow. */
export interface CommandGrammar {
  readonly words: readonly string[];
  readonly arguments: readonly { readonly name: string; readonly required: boolean; readonly many: boolean; readonly choices: readonly string[] }[];
  readonly options: readonly OptionGrammar[];
}

/** Every command that does something, with its sub-commands. */
export function grammarOf(commands: readonly Command[], before: readonly string[] = []): CommandGrammar[] {
  return commands.flatMap((command) => {
    const words = [...before, command.name()];
    const own: CommandGrammar = {
      words,
      arguments: command.registeredArguments.map((argument) => ({ name: argument.name(), required: argument.required, many: argument.variadic, choices: argument.argChoices ?? [] })),
      options: command.options.map(({ long, short, required, optional, argChoices, mandatory }) => ({ flag: long ?? short ?? '', value: required || optional ? (long ?? '').replace(/^--/, '') : null, choices: argChoices ?? [], mandatory })),
    };
    return command.commands.length === 0 ? [own] : [own, ...grammarOf(command.commands, words)];
  });
}
