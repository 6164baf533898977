import { bundleWorkflowCode } from '@temporalio/worker';
import { WORKFLOW_INTERCEPTORS } from './workflow-interceptors';

/** The code of all workflows with what stands around them in their sandbox. @param more modules of interceptors that a worker of a test adds */
export async function bundleOfWorkflows(more: readonly string[] = []): Promise<string> {
  const quiet = { log: () => undefined, trace: () => undefined, debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('../workflows'), workflowInterceptorModules: [...WORKFLOW_INTERCEPTORS, ...more], logger: quiet });
  return code;
}
