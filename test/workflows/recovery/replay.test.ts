import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { historyText } from '../history-text';
import { BUNDLE, SagaBench, quietRuntime } from '../saga-bench';
import { RecoveryStories } from './recovery-stories';

/*
 * Recoveries and reapings as they once ran; later versions must replay them.
 *
 * Record them anew, and only when no open workflow can be of the old code:
 *   npm run build && FORESHIFT_RECORD_HISTORIES=1 npx jest test/workflows/recovery/replay --forceExit
 */
const RECORDING = (process.env['FORESHIFT_RECORD_HISTORIES'] ?? '') !== '';
const INSTANCE = 'i-0000000000000abcd';

const STORIES: Readonly<Record<string, { readonly workflowId: string; readonly kind: string; readonly tell: (stories: RecoveryStories) => Promise<WorkflowHandle> }>> = {
  'rolled-back-from-half-the-traffic': { workflowId: `migration/${INSTANCE}`, kind: 'RolledBack', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['judgeTraffic', 'ramp'], stories.world({ instanceId: INSTANCE })), 'rollBack') },
  'continued-from-half-the-traffic': { workflowId: `migration/${INSTANCE}`, kind: 'Completed', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['judgeTraffic', 'ramp'], stories.world({ instanceId: INSTANCE })), 'continue') },
  'continued-where-the-source-was-gone': { workflowId: `migration/${INSTANCE}`, kind: 'Completed', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['terminateSource', 'retire'], stories.world({ instanceId: INSTANCE })), 'continue') },
  'rolled-back-with-its-state': { workflowId: `migration/${INSTANCE}`, kind: 'RolledBack', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['beginSyncBack', 'ramp'], stories.world({ instanceId: INSTANCE }), { sync: 'replicate' }), 'rollBack') },
  adopted: { workflowId: `migration/${INSTANCE}`, kind: 'Completed', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['judgeTraffic', 'bake'], stories.world({ instanceId: INSTANCE })), 'adopt') },
  'refused-since-its-shadow-was-never-verified': { workflowId: `migration/${INSTANCE}`, kind: 'Refused', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['launchShadow', 'shadow'], stories.world({ instanceId: INSTANCE })), 'continue') },
  'taken-away': { workflowId: `reaper/${INSTANCE}`, kind: 'Done', tell: async (stories) => stories.startReaper(await stories.endedRightAfter(['setWeights', 'verify'], stories.world({ instanceId: INSTANCE }))) },
  'left-to-an-operator': { workflowId: `reaper/${INSTANCE}`, kind: 'SomeLeft', tell: async (stories) => stories.startReaper(await stories.endedRightAfter(['judgeTraffic', 'ramp'], stories.world({ instanceId: INSTANCE }))) },
  'left-and-recovered': { workflowId: `reaper/${INSTANCE}`, kind: 'Done', tell: async (stories) => stories.startReaper(await stories.endedRightAfter(['judgeTraffic', 'ramp'], stories.world({ instanceId: INSTANCE })), { recover: true }) },
};
const NAMES = Object.keys(STORIES);

describe('a recovery that was recorded', () => {
  beforeAll(async () => {
    if (RECORDING) await record();
    else quietRuntime();
  }, 300_000);

  it.each(NAMES)('replays, and is what its name says: %s', async (name) => {
    const history = JSON.parse(readFileSync(fileOf(name), 'utf8')) as { events: { workflowExecutionCompletedEventAttributes?: { result: { payloads: { data: string }[] } } }[] };
    const payload = history.events.at(-1)?.workflowExecutionCompletedEventAttributes?.result.payloads[0]?.data ?? '';
    expect(JSON.parse(Buffer.from(payload, 'base64').toString())).toMatchObject({ kind: STORIES[name]?.kind });
    const errors: unknown[] = [];
    for await (const { error } of Worker.runReplayHistories({ workflowBundle: { codePath: BUNDLE } }, [{ workflowId: STORIES[name]?.workflowId ?? '', history }])) errors.push(error);
    expect(errors).toEqual([undefined]);
  });
});

async function record(): Promise<void> {
  const bench = await SagaBench.startInRealTime();
  try {
    for (const [name, { tell }] of Object.entries(STORIES)) {
      const handle = await tell(new RecoveryStories(bench));
      await handle.result();
      mkdirSync(dirname(fileOf(name)), { recursive: true });
      writeFileSync(fileOf(name), historyText(await handle.fetchHistory()));
    }
  } finally {
    await bench.stop();
  }
}

function fileOf(name: string): string {
  return join(__dirname, '..', 'histories', 'recovery', `${name}.json`);
}
