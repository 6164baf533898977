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

describe('a migration that hears messages all the time', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    bench = await SagaBench.start();
  });
  afterAll(() => bench.stop());

  it('comes to its end, and replays, whatever they came between', async () => {
    const handle = await bench.start(withSlowAudit(bench.world()));
    let over = false;
    const result = handle.result().finally(() => (over = true));
    let sent = 0;
    for (; !over; sent += 1) {
      const messages = [() => handle.signal('pause'), () => handle.signal('resume'), () => handle.executeUpdate('setRampRate', { args: [{ stepMs: 30_000 + sent }] })];
      await Promise.race([messages[sent % messages.length]?.().catch(() => undefined), result]);
    }
    expect((await result).kind).toBe('Completed');
    expect(sent).toBeGreaterThan(50);
    await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, await handle.fetchHistory(), handle.workflowId);
  }, 60_000);
});
