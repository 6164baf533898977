import type { Command } from 'commander';

/**
 * A completion for bash: the command tree as two tables, and a function that walks them along the words that were typed. zsh reads it by `bashcompinit`.
 * Written from the commands themselves, so that it knows all that they know.
 */
export function bashScript(commands: readonly Command[]): string {
  const rows = [{ path: ROOT, subcommands: commands.map((command) => command.name()), options: ['--help', '--version'], choices: [] }, ...commands.flatMap((command) => rowsOf(command, `${ROOT} ${command.name()}`))];
  const table = (name: string, of: (row: Row) => readonly string[]): string => [`declare -gA ${name}=(`, ...rows.map((row) => `  [${quoted(row.path)}]=${quoted(of(row).join(' '))}`), ')'].join('\n');
  return `${table(SUBCOMMANDS, ({ subcommands }) => subcommands)}
${table(OPTIONS, ({ options }) => options)}
${table(CHOICES, ({ choices }) => choices)}
_foreshift() {
  local path="${ROOT}" word i current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" choices entry
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ " \${${SUBCOMMANDS}[$path]} " == *" $word "* ]] && path="$path $word"
  done
  for entry in \${${CHOICES}[$path]}; do
    [[ "$entry" == "$previous="* ]] && choices="\${entry#*=}"
  done
  if [[ -n "$choices" ]]; then COMPREPLY=($(compgen -W "\${choices//,/ }" -- "$current"))
  elif [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "\${${OPTIONS}[$path]}" -- "$current"))
  elif [[ -n "\${${SUBCOMMANDS}[$path]}" ]]; then COMPREPLY=($(compgen -W "\${${SUBCOMMANDS}[$path]}" -- "$current"))
  else COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _foreshift foreshift
`;
}

const ROOT = 'foreshift';
const SUBCOMMANDS = '_foreshift_subcommands';
const OPTIONS = '_foreshift_options';
const CHOICES = '_foreshift_choices';

interface Row {
  /** The words that lead to it, such as `foreshift audit list`. */
  readonly path: string;
  readonly subcommands: readonly string[];
  readonly options: readonly string[];
  /** `--mode=observe,propose` for options that take one of few words. */
  readonly choices: readonly string[];
}

function rowsOf(command: Command, path: string): Row[] {
  const row: Row = {
    path,
    subcommands: command.commands.map((sub) => sub.name()),
    options: [...command.options.flatMap(({ long }) => (long === undefined ? [] : [long])), '--help'],
    choices: command.options.flatMap(({ long, argChoices }) => (argChoices === undefined || long === undefined ? [] : [`${long}=${argChoices.join(',')}`])),
  };
  return [row, ...command.commands.flatMap((sub) => rowsOf(sub, `${path} ${sub.name()}`))];
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\$`]/g, (character) => `\\${character}`)}"`;
}
