import { failureOf } from '../saga-bench';
import { BAND, WorkloadBench, type FakeWorkload } from './workload-bench';

const MINUTE = 60_000;
/**
 * By `npm run test:faults` only. Behind other files' tests in one process the server that skips time goes round in circles here about every fourth time, for minutes; why is not found yet. Alone it
 * does not. What is decided (test/domain/workload-scaling) and that its histories replay is tried by every `npm test`.
 */
const describeWhereAsked = process.env['FORESHIFT_TEST_FAULTS'] === 'all' ? describe : describe.skip;

describeWhereAsked('looking after a workload\'s capacity', () => {
  let bench: WorkloadBench;
  let workload: FakeWorkload;
  let count = 0;
  beforeAll(async () => {
    bench = await WorkloadBench.start();
  });
  afterAll(() => bench.stop());
  beforeEach(() => {
    workload = bench.fresh(`w${(count += 1)}`);
  });

  const now = () => bench.env.currentTimeMs();
  const burstIn = async (minutes: number) => ({ withinMinutes: 30, probability: 0.9, levels: [0.5, 0.9], sizePercent: [120, 150], expectedStartMs: (await now()) + minutes * MINUTE, reason: 'kin burst now' });

  it('meets a burst that the profile announces before it comes, and goes back when it is over', async () => {
    const startMs = (await now()) + 20 * MINUTE;
    workload.burst = await burstIn(20);
    workload.load = (nowMs) => (nowMs >= startMs && nowMs < startMs + 10 * MINUTE ? 110 : 40);
    const handle = await bench.begin(workload, { policy: { burstPredictionIntervalMs: 120 * MINUTE } });
    const { changes } = await bench.until(handle, ({ changes: seen }) => seen.length === 2);
    expect(changes).toMatchObject([
      { from: '2 members', to: '4 members', cause: 'burst', outcome: 'raised by 2' },
      { from: '4 members', to: '2 members', cause: 'calm', outcome: 'lowered by 2' },
    ]);
    expect(changes[0]?.servedAtMs).toBeLessThan(startMs);
    expect(changes[1]?.atMs).toBeGreaterThan(startMs + 10 * MINUTE);
    expect([workload.group.desired, workload.asked]).toEqual([2, 1]);
    await handle.executeUpdate('stop', { args: [{ reason: 'done' }] });
    expect(await handle.result()).toMatchObject({ outcome: 'Stopped', left: [] });
  });

  it('meets a peak of the calendar before it comes, without a profile, and says what stands in for it', async () => {
    workload.band = null;
    const startMs = (await now()) + 20 * MINUTE;
    const events = JSON.stringify([{ name: 'sale', kind: 'campaign', start: new Date(startMs).toISOString(), end: new Date(startMs + 30 * MINUTE).toISOString() }]);
    const handle = await bench.begin(workload, { calendar: { events } });
    const { changes, notes } = await bench.until(handle, ({ changes: seen }) => seen.length === 1);
    expect(changes[0]).toMatchObject({ cause: 'calendar', to: '4 members', reason: expect.stringMatching(/"sale" begins/) });
    expect(changes[0]?.servedAtMs).toBeLessThan(startMs);
    expect(notes).toEqual([expect.stringMatching(/there is no profile of app=w\d+: the limit of 80 % stands in/)]);
    await handle.cancel();
    expect(await handle.result()).toMatchObject({ outcome: 'Cancelled', left: [] });
    expect(workload.group.desired).toBe(2);
  });

  it('only tells, once, what it would do unless it may act', async () => {
    workload.load = () => 95;
    const handle = await bench.begin(workload, { mode: 'observe', rounds: 5 });
    const { changes, outcome } = await handle.result();
    expect([outcome, workload.group.desired]).toEqual(['Ended', 2]);
    expect(changes.map((change) => change.outcome)).toEqual(['refused: only looked at']);
  });

  it('does nothing twice where the answer of its act is lost', async () => {
    workload.load = () => 95;
    workload.cloud.fault({ call: 'setDesired', kind: 'losesReply', times: 1 });
    const result = await (await bench.begin(workload, { rounds: 3 })).result();
    expect(result.changes.map(({ outcome }) => outcome)).toEqual(['raised by 2']);
    expect(workload.group.desired).toBe(4);
  });

  it('is as before where there is no room, and tries again only after a while', async () => {
    workload.load = () => 95;
    workload.group.capacity = 2;
    const result = await (await bench.begin(workload, { rounds: 10 })).result();
    expect(result.changes.map(({ outcome }) => outcome)).toEqual([expect.stringMatching(/^refused: .*do not have sufficient capacity/)]);
    expect(result.last).toMatch(/the last attempt was refused, the next is at/);
    expect(workload.group.desired).toBe(2);
  });

  it('asks for an operator where what it added cannot be taken back', async () => {
    workload.load = () => 95;
    const handle = await bench.begin(workload);
    await bench.until(handle, ({ changes }) => changes.length === 1);
    workload.cloud.fault({ call: 'setDesired', kind: 'isRefused' });
    await handle.executeUpdate('stop', { args: [{ reason: 'enough', by: 'ada' }] });
    expect(await handle.result()).toMatchObject({ outcome: 'NeedsOperator', left: [expect.stringMatching(/^web-asg could not be lowered by what was added/)] });
    expect(bench.audit.at(-1)).toMatchObject({ kind: 'outcome', actor: 'ada', reason: 'enough' });
  });

  it('changes nothing while it is paused, and keeps what it added where it is told to', async () => {
    const handle = await bench.begin(workload);
    expect((await failureOf(handle.executeUpdate('pause', { args: [{}] }))).message).toMatch(/reason is missing/);
    await handle.executeUpdate('pause', { args: [{ reason: 'release' }] });
    workload.load = () => 95;
    await bench.until(handle, ({ changes }) => changes.length === 1);
    expect(workload.group.desired).toBe(2);
    await handle.executeUpdate('resume');
    await bench.until(handle, ({ changes }) => changes.length === 2);
    await handle.executeUpdate('stop', { args: [{ reason: 'by hand from now on', keep: true }] });
    expect(await handle.result()).toMatchObject({ outcome: 'Stopped', changes: [{ outcome: 'refused: paused' }, { outcome: 'raised by 2' }] });
    expect(workload.group.desired).toBe(4);
  });

  it('makes its instances larger, and those before it what they were where one cannot be', async () => {
    workload.load = () => 95;
    const by = { kind: 'shape', instanceIds: ['i-0000000a', 'i-0000000b'], shapes: ['m7i.large', 'm7i.xlarge'] };
    workload.stuck.set('i-0000000b', ['m7i.xlarge']);
    const first = await (await bench.begin(workload, { by, rounds: 2 })).result();
    expect(first.changes.map(({ outcome }) => outcome)).toEqual([expect.stringMatching(/^refused: i-0000000b: no room for a m7i.xlarge/)]);
    expect([...workload.shapes.values()]).toEqual(['m7i.large', 'm7i.large']);
    workload.stuck.clear();
    const handle = await bench.begin(workload, { by });
    await bench.until(handle, ({ changes }) => changes.length === 1);
    expect([...workload.shapes.values()]).toEqual(['m7i.xlarge', 'm7i.xlarge']);
    await handle.executeUpdate('stop');
    expect(await handle.result()).toMatchObject({ outcome: 'Stopped', left: [] });
    expect([...workload.shapes.values()]).toEqual(['m7i.large', 'm7i.large']);
  });

  it('goes on as another run, with what it knew', async () => {
    const handle = await bench.begin(workload, { rounds: 202 });
    expect(await handle.result()).toMatchObject({ outcome: 'Ended', rounds: 202 });
    expect(workload.asked).toBe(14);
  });

  it('goes on, and still takes back what it added, where the group cannot be seen for a while', async () => {
    workload.load = () => 95;
    const handle = await bench.begin(workload);
    await bench.until(handle, ({ changes }) => changes.length === 1);
    workload.cloud.groups.delete('web-asg');
    await bench.until(handle, ({ last }) => /^not seen: Auto Scaling group "web-asg" does not exist/.test(last));
    workload.cloud.groups.set('web-asg', workload.group);
    await handle.executeUpdate('stop', { args: [{ reason: 'enough' }] });
    expect(await handle.result()).toMatchObject({ outcome: 'Stopped', left: [] });
    expect(workload.group.desired).toBe(2);
  });

  it('refuses a tag that nobody has, a group that is not there and a calendar that is none', async () => {
    workload.members = [];
    expect((await failureOf((await bench.begin(workload)).result())).message).toMatch(/no running instance has the tags app=w\d+/);
    workload.members = ['i-0000000a'];
    expect((await failureOf((await bench.begin(workload, { by: { kind: 'group', autoScalingGroup: 'wbe-asg' } })).result())).message).toMatch(/Auto Scaling group "wbe-asg" does not exist/);
    expect((await failureOf((await bench.begin(workload, { calendar: { events: '[{}]' } })).result())).message).toMatch(/calendar: .*events\[0\].name/);
    expect((await failureOf((await bench.begin(workload, { metric: 'requests' })).result())).message).toMatch(/metric is "requests"; expected/);
    workload.band = BAND;
  });
});

/** On a server of its own: where that one goes round in circles, as it does now and then with an activity that is retried, no other test stands still with it. */
describeWhereAsked('looking after a workload\'s capacity, cancelled', () => {
  let bench: WorkloadBench;
  let count = 0;
  beforeAll(async () => {
    bench = await WorkloadBench.start({ deadlineMs: 15_000 });
  });
  afterAll(() => bench.stop());

  it('takes back what it added where it is cancelled while it waits for it', async () => {
    const workload = bench.fresh(`cancelled-${(count += 1)}`);
    workload.load = () => 95;
    workload.group.capacity = 3;
    const noFailure = { ...workload.cloud.groupPort, launchFailure: async () => null };
    Object.assign(workload.cloud, { groupPort: noFailure });
    const handle = await bench.begin(workload);
    while (workload.group.desired === 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await handle.cancel();
    expect(await handle.result()).toMatchObject({ outcome: 'Cancelled', left: [] });
    expect(workload.group.desired).toBe(2);
  });
});
