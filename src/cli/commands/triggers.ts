import { Command } from 'commander';
import { installCommand } from '../triggers/install-command';
import { lintCommand } from '../triggers/lint-command';
import { serveCommand } from '../triggers/serve-command';
import { testCommand } from '../triggers/test-command';

/** `foreshift triggers install|serve|lint|test` */
export function triggersCommand(): Command {
  return new Command('triggers')
    .description('Lets CloudWatch alarms and events of AWS start workflows')
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Examples:
  foreshift triggers install                                the queue and the rules that fill it
  foreshift triggers install --print yaml > triggers.yaml   the same as CloudFormation
  foreshift triggers lint rules.yaml
  foreshift triggers test alarm.json --rules rules.yaml     what an event would begin, and why
  foreshift triggers serve --rules rules.yaml

docs/triggers.md tells what rules look like; examples/triggers/rules.yaml is one file of them.`,
    )
    .addCommand(installCommand())
    .addCommand(serveCommand())
    .addCommand(lintCommand())
    .addCommand(testCommand());
}
