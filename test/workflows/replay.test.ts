import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { ReplayResult } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { migrationWorkflowId } from '../../src/contracts/workflow-ids';
import type { FakeWorld } from './fake-world';
import { OTHER_REGION, ZONES } from './fixtures';
import { historyText } from './history-text';
import { BUNDLE, SagaBench, quietRuntime } from './saga-bench';

/*
 * Migrations as they once ran. Workflows that are open while a new version is deployed are replayed by it, so that a
 * change of the workflow code that does not replay these needs `patched` (or a new worker deployment version).
 *
 * Records those that are not there; one is recorded anew by deleting it first, and only when no open workflow can be of the old code:
 *   npm run build && FORESHIFT_RECORD_HISTORIES=1 npx jest test/workflows/replay --forceExit
 */
const RECORDING = (process.env['FORESHIFT_RECORD_HISTORIES'] ?? '') !== '';

const STORIES: Readonly<Record<string, { readonly outcome: string; readonly tell: (bench: SagaBench, world: FakeWorld) => Promise<unknown> }>> = {
  completed: { outcome: 'Completed', tell: (bench, world) => bench.run(world) },
  'completed-on-the-second-rung': {
    outcome: 'Completed',
    tell: async (bench, world) => {
      world.full.add(`m7i.xlarge in ${ZONES[0] ?? ''}`);
      return bench.run(world);
    },
  },
  'completed-after-approval-pause-and-another-rate': {
    outcome: 'Completed',
    tell: async (bench, world) => {
      const handle = await bench.start(world, { approval: 'required' });
      const { planHash } = await bench.until(handle, ({ awaitingApproval }) => awaitingApproval !== null);
      await handle.signal('pause');
      await handle.executeUpdate('setRampRate', { args: [{ stepsPercent: [20, 100], stepMs: 5_000 }] });
      await handle.executeUpdate('approve', { args: [{ planHash }] });
      await bench.env.sleep('1h');
      await handle.signal('resume');
      return handle.result();
    },
  },
  'rolled-back-in-the-ramp': {
    outcome: 'RolledBack',
    tell: async (bench, world) => {
      world.shadowErrorRatio = 0.2;
      return bench.run(world);
    },
  },
  'rolled-back-at-the-end-of-drain': {
    outcome: 'RolledBack',
    tell: async (bench, world) => {
      world.fault({ activity: 'verifySourceIdle', kind: 'isRefused' });
      return bench.run(world);
    },
  },
  'refused-without-capacity': {
    outcome: 'Refused',
    tell: async (bench, world) => {
      for (const zone of ZONES) world.full.add(`m7i.xlarge in ${zone}`);
      return bench.run(world);
    },
  },
  'refused-when-the-approval-expired': { outcome: 'Refused', tell: (bench, world) => bench.run(world, { approval: 'required' }) },
  'left-to-an-operator': {
    outcome: 'NeedsOperator',
    tell: async (bench, world) => {
      world.fault({ activity: 'terminateSource', kind: 'isRefused' });
      return bench.run(world);
    },
  },
  'completed-with-its-state-handed-over': { outcome: 'Completed', tell: (bench, world) => bench.run(world, { sync: 'replicate' }) },
  'rolled-back-with-its-state-handed-back': {
    outcome: 'RolledBack',
    tell: async (bench, world) => {
      world.during('beginSyncBack', 'ramp', async () => void (world.shadowErrorRatio = 0.3));
      return bench.run(world, { sync: 'replicate' });
    },
  },
  'completed-by-blocks': { outcome: 'Completed', tell: (bench, world) => bench.run(world, { sync: 'blocks' }) },
  'completed-in-another-region': { outcome: 'Completed', tell: (bench, world) => bench.run(world, { region: OTHER_REGION }) },
  'rolled-back-from-another-region-by-blocks': {
    outcome: 'RolledBack',
    tell: async (bench, world) => {
      world.fault({ activity: 'verifySourceIdle', kind: 'isRefused' });
      return bench.run(world, { region: OTHER_REGION, sync: 'blocks' });
    },
  },
};
const NAMES = Object.keys(STORIES);

describe('a migration that was recorded', () => {
  beforeAll(async () => {
    if (RECORDING) await record();
    else quietRuntime();
  });

  it.each(NAMES)('replays: %s', async (name) => {
    const [result] = await replay(BUNDLE, [name]);
    expect(result?.error).toBeUndefined();
  });

  it.each(NAMES)('is what its name says: %s', (name) => {
    const { events } = read(name) as { events: { workflowExecutionCompletedEventAttributes?: { result: { payloads: { data: string }[] } } }[] };
    const payload = events.at(-1)?.workflowExecutionCompletedEventAttributes?.result.payloads[0]?.data ?? '';
    expect(JSON.parse(Buffer.from(payload, 'base64').toString())).toMatchObject({ kind: STORIES[name]?.outcome });
  });

  it('does not replay on a workflow that was changed without `patched`', async () => {
    const silent = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
    const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('./broken'), logger: silent });
    const results = await replay({ code }, NAMES);
    expect(results).toHaveLength(NAMES.length);
    for (const { error } of results) expect(error).toBeInstanceOf(DeterminismViolationError);
  });
});

async function replay(bundle: string | { code: string }, names: readonly string[]): Promise<ReplayResult[]> {
  const results: ReplayResult[] = [];
  const histories = names.map((name) => ({ workflowId: migrationWorkflowId(instanceOf(name)), history: read(name) }));
  const workflowBundle = typeof bundle === 'string' ? { codePath: bundle } : bundle;
  for await (const result of Worker.runReplayHistories({ workflowBundle }, histories)) results.push(result);
  return results;
}

async function record(): Promise<void> {
  const bench = await SagaBench.start();
  const stopElsewhere = await bench.serveElsewhere();
  try {
    for (const [name, { tell }] of Object.entries(STORIES)) {
      if (existsSync(fileOf(name))) continue;
      const world = bench.world({ instanceId: instanceOf(name), ...(name.includes('another-region') ? { traffic: false } : {}) });
      await tell(bench, world);
      const history = await bench.holderOf(world).fetchHistory();
      writeFileSync(fileOf(name), historyText(history));
    }
  } finally {
    await stopElsewhere();
    await bench.stop();
  }
}

function instanceOf(name: string): string {
  return `i-${NAMES.indexOf(name).toString(16).padStart(8, '0')}`;
}

function read(name: string): object {
  return JSON.parse(readFileSync(fileOf(name), 'utf8')) as object;
}

function fileOf(name: string): string {
  return join(__dirname, 'histories', `${name}.json`);
}

function quiet(): void {
  // The bundler tells of its progress; nobody asked.
}
