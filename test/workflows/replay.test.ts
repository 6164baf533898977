import type { FakeWorld } from './fake-world';
import { OTHER_REGION, ZONES } from './fixtures';
import { RECORDING, keepHistory, recordedHistory } from './recorded-histories';
import { SagaBench } from './saga-bench';

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
  });

  it.each(NAMES)('is what its name says: %s', (name) => {
    expect(recordedHistory(name).result).toMatchObject({ kind: STORIES[name]?.outcome });
  });
});

async function record(): Promise<void> {
  const bench = await SagaBench.start();
  const stopElsewhere = await bench.serveElsewhere();
  try {
    for (const [name, { tell }] of Object.entries(STORIES)) {
      const world = bench.world({ instanceId: instanceOf(name), ...(name.includes('another-region') ? { traffic: false } : {}) });
      await tell(bench, world);
      await keepHistory(name, bench.holderOf(world));
    }
  } finally {
    await stopElsewhere();
    await bench.stop();
  }
}

function instanceOf(name: string): string {
  return `i-${NAMES.indexOf(name).toString(16).padStart(8, '0')}`;
}
