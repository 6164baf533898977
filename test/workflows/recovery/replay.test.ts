import type { WorkflowHandle } from '@temporalio/client';
import { RECORDING, keepHistory, recordedHistory } from '../recorded-histories';
import { SagaBench } from '../saga-bench';
import { RecoveryStories } from './recovery-stories';

/* Recoveries and reapings as they once ran; later versions must replay them. */
const INSTANCE = 'i-0000000000000abcd';

const STORIES: Readonly<Record<string, { readonly kind: string; readonly tell: (stories: RecoveryStories) => Promise<WorkflowHandle> }>> = {
  'rolled-back-from-half-the-traffic': { kind: 'RolledBack', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['judgeTraffic', 'ramp'], stories.world({ instanceId: INSTANCE })), 'rollBack') },
  'continued-from-half-the-traffic': { kind: 'Completed', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['judgeTraffic', 'ramp'], stories.world({ instanceId: INSTANCE })), 'continue') },
  'continued-where-the-source-was-gone': { kind: 'Completed', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['terminateSource', 'retire'], stories.world({ instanceId: INSTANCE })), 'continue') },
  'rolled-back-with-its-state': { kind: 'RolledBack', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['beginSyncBack', 'ramp'], stories.world({ instanceId: INSTANCE }), { sync: 'replicate' }), 'rollBack') },
  adopted: { kind: 'Completed', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['judgeTraffic', 'bake'], stories.world({ instanceId: INSTANCE })), 'adopt') },
  'refused-since-its-shadow-was-never-verified': { kind: 'Refused', tell: async (stories) => stories.startRecovery(await stories.endedRightAfter(['launchShadow', 'shadow'], stories.world({ instanceId: INSTANCE })), 'continue') },
  'taken-away': { kind: 'Done', tell: async (stories) => stories.startReaper(await stories.endedRightAfter(['setWeights', 'verify'], stories.world({ instanceId: INSTANCE }))) },
  'left-to-an-operator': { kind: 'SomeLeft', tell: async (stories) => stories.startReaper(await stories.endedRightAfter(['judgeTraffic', 'ramp'], stories.world({ instanceId: INSTANCE }))) },
  'left-and-recovered': { kind: 'Done', tell: async (stories) => stories.startReaper(await stories.endedRightAfter(['judgeTraffic', 'ramp'], stories.world({ instanceId: INSTANCE })), { recover: true }) },
};
const NAMES = Object.keys(STORIES);

describe('a recovery that was recorded', () => {
  beforeAll(async () => {
    if (RECORDING) await record();
  }, 300_000);

  it.each(NAMES)('is what its name says: %s', (name) => {
    expect(recordedHistory(`recovery/${name}`).result).toMatchObject({ kind: STORIES[name]?.kind });
  });
});

async function record(): Promise<void> {
  const bench = await SagaBench.startInRealTime();
  try {
    for (const [name, { tell }] of Object.entries(STORIES)) {
      const handle = await tell(new RecoveryStories(bench));
      await handle.result();
      await keepHistory(`recovery/${name}`, handle);
    }
  } finally {
    await bench.stop();
  }
}
