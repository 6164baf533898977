import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import type { FakeWorld } from './fake-world';
import { BUNDLE, SagaBench } from './saga-bench';

/** The audit is written by local activities: messages that come while one runs are where replays have gone wrong. */
function withSlowAudit(world: FakeWorld): FakeWorld {
  const answer = world.answer.bind(world);
  world.answer = async (...args) => {
    if (args[0] === 'recordAudit') await sleep(10);
    return answer(...args);
  };
  return world;
}

const TALKED_TO_MS = 5_000;
const HEARD_WITHIN_MS = 5_000;

describe('a migration that hears messages all the time', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    // The server that skips time now and then loses an update whose handler waits for a local activity; a real one does not.
    bench = await SagaBench.startInRealTime();
  });
  afterAll(() => bench.stop());

  it('answers each of them, goes on, and replays, whatever they came between', async () => {
    const handle = await bench.start(withSlowAudit(bench.world()));
    const endsAtMs = Date.now() + TALKED_TO_MS;
    let sent = 0;
    for (; Date.now() < endsAtMs; sent += 1) {
      const messages = [() => handle.signal('pause'), () => handle.signal('resume'), () => handle.executeUpdate('setRampRate', { args: [{ stepMs: 30_000 + sent }] })];
      const heard = await Promise.race([messages[sent % messages.length]?.().then(() => true), sleep(HEARD_WITHIN_MS).then(() => false)]);
      expect({ sent, heard }).toEqual({ sent, heard: true });
    }
    expect(sent).toBeGreaterThan(50);
    await handle.signal('resume');
    expect((await bench.until(handle, ({ phase }) => phase === 'ramp')).phases.length).toBeGreaterThan(5);
    await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, await handle.fetchHistory(), handle.workflowId);
    await handle.terminate();
  }, 60_000);
});
