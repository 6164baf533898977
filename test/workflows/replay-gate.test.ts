import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { MIGRATE_INSTANCE } from '../../src/contracts/migrate-instance';
import { recordedHistories, type RecordedHistory } from './recorded-histories';
import { BUNDLE, quietRuntime } from './saga-bench';

const HISTORIES = recordedHistories();
/** Read, not loaded: workflows load in their sandbox alone. */
const ENTRY = readFileSync(join(__dirname, '..', '..', 'src', 'workflows', 'index.ts'), 'utf8');
const WORKFLOW_TYPES = [...ENTRY.matchAll(/^export \{ (\w+) \}/gm)].map(([, name = '']) => name);

describe('what is open while a new version is deployed', () => {
  beforeAll(quietRuntime);

  it('goes on with it: every history that was ever kept replays', async () => {
    expect(await failuresOf({ codePath: BUNDLE }, HISTORIES)).toEqual([]);
  });

  it.each(WORKFLOW_TYPES)('can be a %s: there is a history of it', (workflowType) => {
    expect(HISTORIES.filter((one) => one.workflowType === workflowType).map(({ name }) => name)).not.toEqual([]);
  });

  it('does not go on with a workflow that was changed without `patched`, and that is noticed', async () => {
    const silent = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
    const bundle = await bundleWorkflowCode({ workflowsPath: require.resolve('./broken'), logger: silent });
    const migrations = HISTORIES.filter(({ workflowType }) => workflowType === MIGRATE_INSTANCE);
    const failures = await failuresOf(bundle, migrations);
    expect(failures.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
    for (const { error } of failures) expect(error).toBeInstanceOf(DeterminismViolationError);
  });
});

async function failuresOf(workflowBundle: { code: string } | { codePath: string }, histories: readonly RecordedHistory[]): Promise<readonly { readonly name: string; readonly error: Error }[]> {
  const failures: { name: string; error: Error }[] = [];
  let at = 0;
  // In the order in which they are given.
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    const name = histories[at++]?.name ?? '';
    if (error !== undefined) failures.push({ name, error });
  }
  return failures;
}

function quiet(): void {
  // The bundler tells of its progress; nobody asked.
}
