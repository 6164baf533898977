import { agentCommand } from './commands/agent';
import { runProgram } from './run-program';

// Of itself: an agent lives beside a service, is asked by commands and is started again when it dies. What the other commands load takes a second and 120 MB.
runProgram([agentCommand()]);
