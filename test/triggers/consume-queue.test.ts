import { createRandomStream } from '../../src/domain/seeded-random';
import { DEFAULT_CONSUME_OPTIONS, consumeQueue } from '../../src/triggers/consume-queue';
import type { Intake, MessageEnd } from '../../src/triggers/intake';
import { IntakeWorld, MemoryQueue } from './fakes';
import { alarmEvent } from '../../infra/bench/alarms/alarm-bodies';
import { alarmChange } from './incidents';

const T0 = Date.UTC(2026, 10, 26, 10);
const OPTIONS = { ...DEFAULT_CONSUME_OPTIONS, longestBackoffMs: 5, waitSeconds: 0 };

/** Consumes until the queue is empty, or `enough` says so. */
async function consume(queue: MemoryQueue, intake: Pick<Intake, 'handle'>, enough: () => boolean = () => queue.messages.length === 0): Promise<readonly MessageEnd[]> {
  const stop = new AbortController();
  const ends: MessageEnd[] = [];
  const running = consumeQueue(queue, { sweep: async () => undefined, ...intake }, OPTIONS, { onEnd: (_, end) => ends.push(end), onTrouble: () => undefined }, stop.signal);
  for (const giveUpAtMs = Date.now() + 20_000; !enough(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() > giveUpAtMs) throw new Error(`${queue.messages.length} messages are still there`);
  }
  stop.abort();
  await running;
  return ends;
}

describe('A queue', () => {
  it('with 2,000 messages, repeated, out of order and with garbage among them, begins every alarm that holds once and loses none', async () => {
    const world = new IntakeWorld();
    const random = createRandomStream(7);
    const queue = new MemoryQueue(() => Date.now());
    const bodies: string[] = [];
    const holding: string[] = [];
    for (let i = 0; i < 400; i += 1) {
      const name = `alarm-${i}`;
      bodies.push(alarmEvent(name, 'ALARM', T0));
      if (i % 3 === 0) bodies.push(alarmEvent(name, 'OK', T0 + 1_000, 'ALARM'));
      if (i % 6 === 0) bodies.push(alarmEvent(name, 'ALARM', T0 + 2_000, 'OK'));
      if (i % 3 !== 0 || i % 6 === 0) holding.push(`trigger/${alarmChange(name, 'ALARM', i % 6 === 0 ? T0 + 2_000 : T0).incidentId}`);
    }
    const garbage = Array.from({ length: 100 }, (_, i) => `{"garbage":${i}`);
    const repeated = Array.from({ length: 2_000 - bodies.length - garbage.length }, () => bodies[Math.floor(random() * bodies.length)] ?? '');
    for (const body of [...bodies, ...garbage, ...repeated].toSorted(() => random() - 0.5)) queue.send(body);
    await consume(queue, world.process());
    expect([...world.temporal.waiting.keys()].toSorted()).toEqual(holding.toSorted());
    expect(new Set(world.temporal.everQueued).size).toBe(world.temporal.everQueued.length);
    expect(queue.buried.map(({ body }) => body).toSorted()).toEqual(garbage.toSorted());
    expect(new Set(queue.buried.map(({ reason }) => reason))).toEqual(new Set(['not understood: the body is no JSON']));
  });

  it('keeps its messages while Temporal is away, and is not emptied into the dead letters however long that is', async () => {
    const world = new IntakeWorld();
    let nowMs = 0;
    const queue = new MemoryQueue(() => nowMs);
    queue.send(alarmEvent('cpu', 'ALARM', T0));
    world.temporal.away = true;
    const seen = () => { nowMs += 60_000; return (queue.messages[0]?.receiveCount ?? 0) > OPTIONS.mostReceives + 2; };
    const ends = await consume(queue, world.process(), seen);
    expect(ends.every((end) => end.kind === 'failed' && end.away)).toBe(true);
    expect({ left: queue.messages.length, buried: queue.buried.length }).toEqual({ left: 1, buried: 0 });
    world.temporal.away = false;
    nowMs += 60_000;
    await consume(queue, world.process());
    expect(world.temporal.everQueued).toHaveLength(1);
  });

  it('gives up a message that fails by its own fault again and again, with the reason', async () => {
    let nowMs = 0;
    const queue = new MemoryQueue(() => (nowMs += 10_000));
    queue.send('poison');
    await consume(queue, { handle: async (bodies) => bodies.map(() => ({ kind: 'failed', away: false, reason: 'a bug' })) });
    expect(queue.buried).toEqual([{ body: 'poison', reason: 'failed 5 times: a bug' }]);
  });

  it('hides a message anew while it is worked on', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const hidden: number[] = [];
      const queue = Object.assign(new MemoryQueue(() => 0), { hide: async (_: unknown, seconds: number) => void hidden.push(seconds) });
      queue.send('slow');
      const stop = new AbortController();
      let finish: (ends: readonly MessageEnd[]) => void = () => undefined;
      const handle = () => new Promise<readonly MessageEnd[]>((resolve) => (finish = resolve));
      const running = consumeQueue(queue, { handle, sweep: async () => undefined }, { ...OPTIONS, pollers: 1 }, { onEnd: () => stop.abort(), onTrouble: () => undefined }, stop.signal);
      await jest.advanceTimersByTimeAsync(65_000);
      expect(hidden).toEqual([60, 60, 60]);
      finish([{ kind: 'done', decided: [] }]);
      await jest.advanceTimersByTimeAsync(100);
      await running;
      expect(queue.messages).toEqual([]);
    } finally {
      jest.useRealTimers();
    }
  });
});
