import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode } from '@temporalio/worker';
import { WORKFLOW_BUNDLE } from './worker-main';
import { WORKFLOW_INTERCEPTORS } from './workflow-interceptors';

/** Build step: what is bundled here is what every worker of this version replays. */
async function main(): Promise<void> {
  const quiet = { log: () => undefined, trace: () => undefined, debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('../workflows'), workflowInterceptorModules: WORKFLOW_INTERCEPTORS, logger: quiet });
  await writeFile(WORKFLOW_BUNDLE, code);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
