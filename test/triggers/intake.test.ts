import { IntakeWorld } from './fakes';
import { alarmEvent, alarmNotification, arnOf } from '../../infra/bench/alarms/alarm-bodies';
import { alarmChange } from './incidents';

const T0 = Date.UTC(2026, 10, 26, 10);
const itemOf = (name: string, atMs: number): string => `trigger/${alarmChange(name, 'ALARM', atMs).incidentId}`;

describe('The intake', () => {
  it('asks the queue once for what comes by EventBridge and by SNS, and says so in the audit', async () => {
    const world = new IntakeWorld();
    const ends = await world.process().handle([alarmEvent('cpu', 'ALARM', T0), alarmNotification('cpu', 'ALARM', T0), 'garbage']);
    expect(ends.map(({ kind }) => kind)).toEqual(['done', 'done', 'garbage']);
    expect(world.temporal.everQueued).toEqual([itemOf('cpu', T0)]);
    expect(world.temporal.waiting.get(itemOf('cpu', T0))).toMatchObject({ instanceId: 'i-0123456789abcdef0', requestedBy: 'trigger:alarm:move', reason: 'alarm cpu: Threshold Crossed' });
    expect([...world.audits.values()]).toEqual([expect.objectContaining({ kind: 'act', workflowId: 'fleet/shop/queue', reason: 'alarm cpu: Threshold Crossed' })]);
  });

  it('does not let a message go while Temporal is away, and begins once when it is back', async () => {
    const world = new IntakeWorld();
    const intake = world.process();
    world.temporal.away = true;
    expect(await intake.handle([alarmEvent('cpu', 'ALARM', T0)])).toEqual([{ kind: 'failed', away: true, reason: 'Temporal is away' }]);
    world.temporal.away = false;
    const [end] = await intake.handle([alarmEvent('cpu', 'ALARM', T0)]);
    expect(end).toMatchObject({ kind: 'done', decided: [{ fate: 'duplicate' }] });
    expect(world.temporal.everQueued).toHaveLength(1);
  });

  it('that dies between the start and the acknowledgement begins nothing twice', async () => {
    const world = new IntakeWorld();
    world.temporal.answersToLose = 1;
    expect((await world.process().handle([alarmEvent('cpu', 'ALARM', T0)]))[0]?.kind).toBe('failed');
    expect((await world.process().handle([alarmEvent('cpu', 'ALARM', T0)]))[0]?.kind).toBe('done');
    expect(world.temporal.everQueued).toHaveLength(1);
    expect([...world.store.rows.values()][0]?.memory.acts).toEqual([]);
  });

  it('takes back what was asked for where the answer was lost and the OK came before the message came again', async () => {
    const world = new IntakeWorld();
    world.temporal.answersToLose = 1;
    await world.process().handle([alarmEvent('cpu', 'ALARM', T0)]);
    expect(world.temporal.waiting.size).toBe(1);
    const intake = world.process();
    await intake.handle([alarmEvent('cpu', 'OK', T0 + 1_000, 'ALARM')]);
    await intake.handle([alarmEvent('cpu', 'ALARM', T0)]);
    expect(world.temporal.waiting.size).toBe(0);
    expect(world.temporal.everQueued).toHaveLength(1);
  });

  it('in two processes at once begins once', async () => {
    const world = new IntakeWorld();
    const [a, b] = [world.process(), world.process()];
    const names = Array.from({ length: 50 }, (_, i) => `alarm-${i}`);
    const bodies = names.map((name) => alarmEvent(name, 'ALARM', T0));
    const ends = await Promise.all([a.handle(bodies), b.handle(bodies.toReversed()), a.handle(bodies)]);
    expect(new Set(ends.flat().map(({ kind }) => kind))).toEqual(new Set(['done']));
    expect(world.temporal.everQueued.toSorted()).toEqual(names.map((name) => itemOf(name, T0)).toSorted());
  });

  it('refuses for good what names an instance that is gone, with the reason in the audit', async () => {
    const world = new IntakeWorld();
    world.instances = 'none';
    expect((await world.process().handle([alarmEvent('cpu', 'ALARM', T0)]))[0]?.kind).toBe('done');
    expect([...world.audits.values()]).toEqual([expect.objectContaining({ kind: 'refusal', reason: 'instance i-0123456789abcdef0 does not exist' })]);
  });

  it('asks CloudWatch about a late alarm', async () => {
    const world = new IntakeWorld();
    world.states.set(arnOf('still'), 'ALARM');
    const late = T0 - 3_600_000;
    await world.process().handle([alarmEvent('over', 'ALARM', late), alarmEvent('still', 'ALARM', late)]);
    expect(world.temporal.everQueued).toEqual([itemOf('still', late)]);
    expect([...world.audits.values()].map(({ kind, reason }) => ({ kind, reason }))).toContainEqual({ kind: 'refusal', reason: 'it happened 3600 s ago and is over' });
  });

  it('begins what flapped once it has stayed, without any further message, and in a process that has seen none of it', async () => {
    const world = new IntakeWorld();
    const intake = world.process();
    for (const i of [0, 1, 2, 3]) {
      await intake.handle([alarmEvent('cpu', 'ALARM', T0 + i * 20_000)]);
      if (i < 3) await intake.handle([alarmEvent('cpu', 'OK', T0 + i * 20_000 + 10_000, 'ALARM')]);
    }
    expect(world.temporal.waiting.size).toBe(0);
    world.nowMs = T0 + 60_000 + 299_000;
    await world.process().sweep();
    expect(world.temporal.waiting.size).toBe(0);
    world.nowMs += 10_000;
    await world.process().sweep();
    expect([...world.temporal.waiting.keys()]).toEqual([itemOf('cpu', T0 + 60_000)]);
  });

  it('keeps the message while the database is away', async () => {
    const world = new IntakeWorld();
    world.store.away = true;
    expect(await world.process().handle([alarmEvent('cpu', 'ALARM', T0)])).toEqual([{ kind: 'failed', away: true, reason: 'the database is away' }]);
  });

  it('that cannot withdraw says nothing of an OK until it can', async () => {
    const world = new IntakeWorld();
    const intake = world.process();
    await intake.handle([alarmEvent('cpu', 'ALARM', T0)]);
    world.temporal.away = true;
    expect((await intake.handle([alarmEvent('cpu', 'OK', T0 + 1, 'ALARM')]))[0]?.kind).toBe('failed');
    world.temporal.away = false;
    world.nowMs += 6_000;
    await world.process().sweep();
    expect(world.temporal.waiting.size).toBe(0);
  });
});
