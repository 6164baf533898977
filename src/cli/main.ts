import type { Command } from 'commander';
import { completionCommand } from './commands/completion';
import { reportFailure } from './report-failure';
import { runProgram } from './run-program';
import { applySettings } from './settings/apply-settings';
import type { AppliedSettings } from './settings/apply-settings';
import { takeGlobalOptions } from './settings/global-options';

/** In the order of the help. What a command needs is loaded where it is typed: all of them together take most of a second and 180 MB, which an agent beside a service cannot spare. */
export const FAMILIES: readonly { readonly names: readonly string[]; readonly load: (settings: AppliedSettings) => Promise<Command | Command[]> }[] = [
  { names: ['demo'], load: async () => (await import('./commands/demo.js')).demoCommand() },
  { names: ['local'], load: async () => (await import('./commands/local.js')).localCommand() },
  { names: ['setup'], load: async () => (await import('./commands/setup.js')).setupCommand() },
  { names: ['worker'], load: async () => (await import('./commands/worker.js')).workerCommand() },
  { names: ['migrate'], load: async () => (await import('./commands/migrate.js')).migrateCommand() },
  { names: ['plan'], load: async () => (await import('./commands/plan.js')).planCommand() },
  { names: ['explain'], load: async () => (await import('./commands/explain.js')).explainCommand() },
  { names: ['detect'], load: async () => (await import('./commands/detect.js')).detectCommand() },
  { names: ['forecast'], load: async () => (await import('./commands/forecast.js')).forecastCommand() },
  { names: ['simulate'], load: async () => (await import('./commands/simulate.js')).simulateCommand() },
  { names: ['backtest'], load: async () => (await import('./commands/backtest.js')).backtestCommand() },
  { names: ['profiles'], load: async () => (await import('./commands/profiles.js')).profilesCommand() },
  { names: ['shapes'], load: async () => (await import('./commands/shapes.js')).shapesCommand() },
  { names: ['adjust'], load: async () => (await import('./commands/adjust.js')).adjustCommand() },
  { names: ['status', 'watch', 'pause', 'resume', 'abort', 'approve', 'ramp'], load: async () => (await import('./commands/operate.js')).operateCommands() },
  { names: ['reap'], load: async () => (await import('./commands/reap.js')).reapCommand() },
  { names: ['drift'], load: async () => (await import('./commands/drift.js')).driftCommand() },
  { names: ['recover'], load: async () => (await import('./commands/recover.js')).recoverCommand() },
  { names: ['drill'], load: async () => (await import('./commands/drill.js')).drillCommand() },
  { names: ['autonomy'], load: async () => (await import('./commands/autonomy.js')).autonomyCommand() },
  { names: ['queue'], load: async () => (await import('./commands/queue.js')).queueCommand() },
  { names: ['provision'], load: async () => (await import('./commands/provision.js')).provisionCommand() },
  { names: ['capacity'], load: async () => (await import('./commands/capacity.js')).capacityCommand() },
  { names: ['workloads'], load: async () => (await import('./commands/workloads.js')).workloadsCommand() },
  { names: ['isolate'], load: async () => (await import('./commands/isolate.js')).isolateCommand() },
  { names: ['routing'], load: async () => (await import('./commands/routing.js')).routingCommand() },
  { names: ['triggers'], load: async () => (await import('./commands/triggers.js')).triggersCommand() },
  { names: ['notify'], load: async () => (await import('./commands/notify.js')).notifyCommand() },
  { names: ['schedule'], load: async () => (await import('./commands/schedule.js')).scheduleCommand() },
  { names: ['agent'], load: async () => (await import('./commands/agent.js')).agentCommand() },
  { names: ['console'], load: async () => (await import('./commands/console.js')).consoleCommand() },
  { names: ['actor'], load: async () => (await import('./commands/actor.js')).actorCommand() },
  { names: ['iam'], load: async () => (await import('./commands/iam.js')).iamCommand() },
  { names: ['config'], load: async (settings) => (await import('./commands/config.js')).configCommand(settings) },
  { names: ['history'], load: async () => (await import('./commands/history.js')).historyCommand() },
  { names: ['audit'], load: async () => (await import('./commands/audit.js')).auditCommand() },
];

async function main(argv: readonly string[]): Promise<void> {
  const { options, rest } = takeGlobalOptions(argv);
  const settings = await applySettings(options);
  const meant = FAMILIES.filter(({ names }) => names.includes(rest[0] ?? ''));
  // What is no command's name, and what completes, is about all of them.
  const commands = (await Promise.all((meant.length > 0 ? meant : FAMILIES).map(({ load }) => load(settings)))).flat();
  await runProgram(meant.length > 0 ? commands : [...commands, completionCommand(commands)], rest);
}

/** Settled once the command that was typed has come to its end. */
export const ended = main(process.argv.slice(2)).catch(reportFailure);
