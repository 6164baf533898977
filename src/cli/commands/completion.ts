import { Argument, Command } from 'commander';
import { bashScript } from '../completion/bash-script';

/** `foreshift completion`, of all these commands. */
export function completionCommand(commands: readonly Command[]): Command {
  return new Command('completion')
    .description('Prints what completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh']))
    .addHelpText('after', '\nExamples:\n  source <(foreshift completion bash)      # also in ~/.bashrc\n  source <(foreshift completion zsh)       # also in ~/.zshrc')
    .action((shell: 'bash' | 'zsh') => {
      process.stdout.write(`${shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}${bashScript(commands)}`);
    });
}
