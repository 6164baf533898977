import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { parse } from 'yaml';
import { actorCommand } from '../../src/cli/commands/actor';
import { auditCommand } from '../../src/cli/commands/audit';
import { autonomyCommand } from '../../src/cli/commands/autonomy';
import { configCommand } from '../../src/cli/commands/config';
import { drillCommand } from '../../src/cli/commands/drill';
import { driftCommand } from '../../src/cli/commands/drift';
import { forecastCommand } from '../../src/cli/commands/forecast';
import { historyCommand } from '../../src/cli/commands/history';
import { iamCommand } from '../../src/cli/commands/iam';
import { migrateCommand } from '../../src/cli/commands/migrate';
import { operateCommands } from '../../src/cli/commands/operate';
import { planCommand } from '../../src/cli/commands/plan';
import { queueCommand } from '../../src/cli/commands/queue';
import { reapCommand } from '../../src/cli/commands/reap';
import { recoverCommand } from '../../src/cli/commands/recover';
import { setupCommand } from '../../src/cli/commands/setup';
import { workerCommand } from '../../src/cli/commands/worker';

const read = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');
const rules = (parse(read('infra/observability/alerts.yaml')) as { groups: { rules: { alert: string; annotations: { runbook?: string } }[] }[] }).groups.flatMap((group) => group.rules);
const page = read('docs/runbooks.md');
const headings = [...page.matchAll(/^## (\w+)$/gm)].map((match) => match[1]);
const typedIn = (text: string): readonly string[] => [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap((block) => (block[1] ?? '').split('\n')).flatMap((line) => /^foreshift (.*?)(?:\s+#.*)?$/.exec(line)?.[1] ?? []);
const typed = typedIn(page);
/** In a sentence; options that must be there may be left out of it. */
const mentionedIn = (text: string): readonly string[] => [...text.matchAll(/`foreshift ([^`]+)`/g)].flatMap(([, line]) => line ?? []);

/** The real commands; only what they would do is taken out, or fails: what a line asks for was understood then. */
function program(): Command {
  const settings = {} as Parameters<typeof configCommand>[0];
  const all = [actorCommand(), auditCommand(), autonomyCommand(), drillCommand(), forecastCommand(), iamCommand(), migrateCommand(), planCommand(), configCommand(settings), driftCommand(), historyCommand(), ...operateCommands(), queueCommand(), reapCommand(), recoverCommand(), setupCommand(), workerCommand()];
  const made = new Command('foreshift').enablePositionalOptions();
  for (const command of all) made.addCommand(command);
  disarm(made);
  return made;
}

function disarm(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  if (command.commands.length === 0) command.action(() => undefined);
  else command.commands.forEach(disarm);
}

async function complaint(line: string): Promise<string | undefined> {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  return program().parseAsync(words, { from: 'user' }).then(() => undefined, (error: Error) => (error instanceof CommanderError ? `foreshift ${line}: ${error.message}` : undefined));
}

describe('runbooks', () => {
  it('are one for each alert, which names it', () => {
    expect(headings).toEqual(rules.map(({ alert }) => alert));
    for (const { alert, annotations } of rules) expect(annotations.runbook).toBe(`docs/runbooks.md#${alert.toLowerCase()}`);
  });

  it('ask for nothing that the command line does not know', async () => {
    expect(typed.length).toBeGreaterThan(20);
    const complaints = await Promise.all(typed.map(complaint));
    expect(complaints.filter((one) => one !== undefined)).toEqual([]);
  });

  it.each(['deployment', 'operations'])('%s asks for nothing else either', async (name) => {
    const text = read(`docs/${name}.md`);
    const complaints = await Promise.all([...typedIn(text), ...mentionedIn(text)].map(complaint));
    expect(complaints.filter((one) => one !== undefined && !/required option|missing required argument/.test(one))).toEqual([]);
    for (const [, target = ''] of text.matchAll(/\]\(([\w-]+\.md)\)/g)) expect(read(`docs/${target}`)).not.toBe('');
  });

  it('would be told of a command, an option or an argument that there is not', async () => {
    expect(await complaint('audit lst')).toContain('unknown command');
    expect(await complaint('queue freeze --fleet shop --untl 4h')).toContain('unknown option');
    expect(await complaint('recover')).toContain('missing required argument');
    expect(await complaint('drift i-0123456789abcdef0')).toContain('too many arguments');
  });

  it('link to pages that there are', () => {
    for (const [, target = ''] of page.matchAll(/\]\(([\w-]+\.md)\)/g)) expect(read(`docs/${target}`)).not.toBe('');
    for (const [, anchor = ''] of page.matchAll(/\]\(#([\w-]+)\)/g)) expect(headings.map((heading) => heading?.toLowerCase())).toContain(anchor);
  });
});
