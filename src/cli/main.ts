import { adjustCommand } from './commands/adjust';
import { agentCommand } from './commands/agent';
import { auditCommand } from './commands/audit';
import { backtestCommand } from './commands/backtest';
import { capacityCommand } from './commands/capacity';
import { demoCommand } from './commands/demo';
import { detectCommand } from './commands/detect';
import { explainCommand } from './commands/explain';
import { forecastCommand } from './commands/forecast';
import { isolateCommand } from './commands/isolate';
import { localCommand } from './commands/local';
import { migrateCommand } from './commands/migrate';
import { operateCommands } from './commands/operate';
import { planCommand } from './commands/plan';
import { provisionCommand } from './commands/provision';
import { queueCommand } from './commands/queue';
import { routingCommand } from './commands/routing';
import { scheduleCommand } from './commands/schedule';
import { profilesCommand } from './commands/profiles';
import { shapesCommand } from './commands/shapes';
import { simulateCommand } from './commands/simulate';
import { workerCommand } from './commands/worker';
import { runProgram } from './run-program';

runProgram([
  demoCommand(),
  localCommand(),
  workerCommand(),
  migrateCommand(),
  planCommand(),
  explainCommand(),
  detectCommand(),
  forecastCommand(),
  simulateCommand(),
  backtestCommand(),
  profilesCommand(),
  shapesCommand(),
  adjustCommand(),
  ...operateCommands(),
  queueCommand(),
  provisionCommand(),
  capacityCommand(),
  isolateCommand(),
  routingCommand(),
  scheduleCommand(),
  agentCommand(),
  auditCommand(),
]);
