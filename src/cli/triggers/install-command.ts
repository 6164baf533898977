import { Command, Option } from 'commander';
import { stringify as yamlText } from 'yaml';
import { ensureTriggerWiring } from '../../adapters/aws/trigger-wiring';
import { cloudFormationOf } from '../../triggers/install/cloudformation';
import { EVENT_RULES } from '../../triggers/install/event-patterns';
import { wiringOf } from '../../triggers/install/wiring';
import type { Wiring } from '../../triggers/install/wiring';
import { openAws } from '../open-aws';
import { WrongUsage } from '../report-failure';

interface InstallOptions {
  readonly name: string;
  readonly print?: 'yaml' | 'json';
  readonly dryRun?: boolean;
  readonly stack: string;
  readonly json?: boolean;
}

/** `foreshift triggers install` */
export function installCommand(): Command {
  return new Command('install')
    .description('Creates the queue, its dead letters, a topic for alarms and the rules of EventBridge, or prints them as CloudFormation')
    .option('--name <name>', 'of the queue and the topic; the others are named after it', 'foreshift-triggers')
    .addOption(new Option('--print <format>', 'print a CloudFormation template instead; calls nothing').choices(['yaml', 'json']))
    .option('--dry-run', 'only tell what would be there')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .action(install);
}

async function install({ name, print, dryRun, stack, json }: InstallOptions): Promise<void> {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,58}$/.test(name)) throw new WrongUsage(`--name is "${name}"; expected up to 59 letters, digits and "-"`);
  const wiring = wiringOf(name);
  if (print !== undefined) {
    const template = cloudFormationOf(wiring);
    return console.log(print === 'json' ? JSON.stringify(template, null, 2) : yamlText(template, { aliasDuplicateObjects: false }).trimEnd());
  }
  if (dryRun === true) return console.log(json === true ? JSON.stringify(wiring, null, 2) : describe(wiring).join('\n'));
  const { clients } = await openAws(stack);
  const wired = await ensureTriggerWiring(clients, wiring);
  if (json === true) return console.log(JSON.stringify(wired, null, 2));
  console.log(`${describe(wiring).join('\n')}\nall of it is there; alarms come by themselves, and those with the action ${wired.topicArn} come by SNS as well`);
  console.log(`next: foreshift triggers serve --rules RULES.yaml --queue ${wiring.queueName}`);
}

function describe({ queueName, deadLetterName, topicName, ruleNames }: Wiring): string[] {
  return [
    `queue ${queueName}: may be written by the rules and the topic below alone`,
    `queue ${deadLetterName}: messages that were given up, each with its reason`,
    `topic ${topicName}: sends to the queue`,
    ...EVENT_RULES.map(({ key, description }) => `rule ${ruleNames[key] ?? key}: ${description}`),
  ];
}
