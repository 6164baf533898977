import type { Edge } from '../edge';
import { consoleApi } from './console';
import { files } from './files';
import { workflowInputs } from './workflow-inputs';

/** Every way into the product that is fuzzed. */
export const EDGES: readonly Edge[] = [workflowInputs, files, consoleApi];
