import type { Edge } from '../edge';
import { commandLine } from './command-line';
import { consoleApi } from './console';
import { files } from './files';
import { workflowInputs } from './workflow-inputs';

/** Every way into the product that is fuzzed. */
export const EDGES: readonly Edge[] = [commandLine, workflowInputs, files, consoleApi];
