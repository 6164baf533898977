import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { chooseRule, whyNot } from '../../domain/triggers/choose-rule';
import type { Incident } from '../../domain/triggers/incident';
import { planStart } from '../../domain/triggers/plan-start';
import { parseMessage } from '../../triggers/parse-message';
import { parseRules, type TriggerRules } from '../../triggers/rules-file';
import { STARTABLES } from '../../triggers/startable-workflows';
import { readCheckedFile } from '../read-checked-file';
import { WrongUsage } from '../report-failure';

interface TestOptions {
  readonly rules: string;
  readonly tag: readonly string[];
  readonly json?: boolean;
}

/** `foreshift triggers test` */
export function testCommand(): Command {
  return new Command('test')
    .description('What the rules would begin for an event; asks nobody and begins nothing')
    .argument('<event>', 'a file with the body of a message, as it lies in the queue; "-" reads it from standard input')
    .requiredOption('--rules <file>', 'the rules')
    .option('--tag <key=value...>', "the alarm's tags, which the event does not say", [])
    .option('--json', 'as JSON')
    .action(test);
}

async function test(file: string, options: TestOptions): Promise<void> {
  const rules = await readCheckedFile(options.rules, parseRules);
  const tags = Object.fromEntries(options.tag.map((text) => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) throw new WrongUsage(`--tag is "${text}"; expected KEY=VALUE`);
    return [key, value];
  }));
  const body = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch((error: unknown) => {
    throw new WrongUsage(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const message = parseMessage(body);
  if (message.kind === 'garbage') {
    process.exitCode = 3;
    return console.log(options.json === true ? JSON.stringify(message, null, 2) : `goes to the dead letters: ${message.reason}`);
  }
  const tested = message.incidents.map((incident) => testOne(incident, rules, tags));
  if (tested.every(({ answer }) => answer.start === null)) process.exitCode = 3;
  if (options.json === true) return console.log(JSON.stringify(tested, null, 2));
  for (const one of tested) console.log(describe(one).join('\n'));
}

function testOne(incident: Incident, { rules }: TriggerRules, tags: Readonly<Record<string, string>>) {
  const chosen = chooseRule(rules, incident, tags);
  const passed = rules.slice(0, chosen === null ? rules.length : rules.indexOf(chosen.rule));
  const others = passed.map(({ name, match }) => ({ rule: name, why: whyNot(match, incident, tags) ?? '' }));
  const answer = incident.state === 'ALARM' ? planStart({ incident, chosen, tags, startables: STARTABLES }) : { start: null, why: `a change to ${incident.state} begins nothing; OK takes back what has not begun` };
  return { incident, rule: chosen?.rule.name ?? null, others, answer };
}

function describe({ incident, rule, others, answer }: ReturnType<typeof testOne>): string[] {
  return [
    `${incident.kind} ${incident.name} changed to ${incident.state} at ${new Date(incident.changedAtMs).toISOString()} (${incident.incidentId})`,
    ...others.map((other) => `  not ${other.rule}: ${other.why}`),
    rule === null ? '  no rule names it' : `  rule ${rule}`,
    answer.start === null ? `  begins nothing: ${answer.why}` : `  begins: ${JSON.stringify(answer.start)}`,
  ];
}
