import type { Edge } from '../edge';
import { alarms } from './alarms';
import { commandLine } from './command-line';
import { consoleApi } from './console';
import { files } from './files';
import { machineAnswers } from './machine-answers';
import { workflowInputs } from './workflow-inputs';

/** Every way into the product that is fuzzed. */
export const EDGES: readonly Edge[] = [commandLine, workflowInputs, alarms, consoleApi, files, machineAnswers];
