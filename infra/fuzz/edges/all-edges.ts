import type { Edge } from '../edge';
import { agentControl } from './agent-control';
import { alarms } from './alarms';
import { commandLine } from './command-line';
import { consoleApi } from './console';
import { processEnvironment } from './environment';
import { files } from './files';
import { machineAnswers } from './machine-answers';
import { runningWorkflows } from './running-workflows';
import { workflowInputs } from './workflow-inputs';

/** Every way into the product that is fuzzed. */
export const EDGES: readonly Edge[] = [commandLine, workflowInputs, runningWorkflows, alarms, consoleApi, files, processEnvironment, machineAnswers, agentControl];
