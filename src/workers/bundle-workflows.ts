import { writeFile } from 'node:fs/promises';
import { bundleOfWorkflows } from './bundle-of-workflows';
import { WORKFLOW_BUNDLE } from './worker-main';

/** Build step: what is bundled here is what every worker of this version replays. */
async function main(): Promise<void> {
  await writeFile(WORKFLOW_BUNDLE, await bundleOfWorkflows());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
