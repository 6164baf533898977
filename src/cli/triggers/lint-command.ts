import { Command } from 'commander';
import { parseRules } from '../../triggers/rules-file';
import type { TriggerRule } from '../../domain/triggers/trigger-rule';
import { readCheckedFile } from '../read-checked-file';

/** `foreshift triggers lint` */
export function lintCommand(): Command {
  return new Command('lint').description('Checks a file of rules').argument('<rules>', 'the file').option('--json', 'as JSON').action(lint);
}

async function lint(file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { policy, rules } = await readCheckedFile(file, parseRules);
  const shadowed = rules.flatMap((rule, i) => {
    const by = rules.slice(0, i).find((earlier) => namesAll(earlier) && rule.match.kinds.every((kind) => earlier.match.kinds.includes(kind)));
    return by === undefined ? [] : [`${rule.name} is never reached: ${by.name} before it names everything`];
  });
  if (shadowed.length > 0) process.exitCode = 1;
  if (json === true) return console.log(JSON.stringify({ rules: rules.map(({ name }) => name), policy, problems: shadowed }, null, 2));
  for (const problem of shadowed) console.log(problem);
  console.log(`${file}: ${rules.length} rule(s), in this order: ${rules.map(({ name }) => name).join(', ')}`);
}

function namesAll({ match }: TriggerRule): boolean {
  const { name, namespace, metric, accounts, regions, tags, dimensions } = match;
  return (name === null || name === '*') && namespace === null && metric === null && accounts.length + regions.length + Object.keys(tags).length + Object.keys(dimensions).length === 0;
}
