import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import type { WorkflowHandle } from '@temporalio/client';
import type { AdjustShapeResult, AdjustStatus, ResizeResult } from '../../src/contracts/adjust-shape';
import { businessFailure } from '../../src/contracts/errors';
import { FakeInstance } from './fake-instance';
import { keepHistory } from './recorded-histories';
import { BUNDLE, failureOf } from './saga-bench';
import { SkippingServer } from './skipping-server';

const TASK_QUEUE = 'adjust-bench';
const ID = 'i-00000000000000001';

describe('looking after an instance\'s shape', () => {
  let server: SkippingServer;
  let instance: FakeInstance;
  let id = ID;
  beforeAll(async () => {
    const names = Object.keys(new FakeInstance().activities) as (keyof FakeInstance['activities'])[];
    server = await SkippingServer.start(TASK_QUEUE, Object.fromEntries(names.map((name) => [name, (args: never) => (instance.activities[name] as (args: never) => Promise<unknown>)(args)])));
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    instance = new FakeInstance();
    id = `i-${randomUUID().replaceAll('-', '').slice(0, 17)}`;
  });

  type Adjust = (input: object) => Promise<AdjustShapeResult>;
  const start = (input: object, workflowId = `shape/${id}`): Promise<WorkflowHandle<Adjust>> =>
    server.env.client.workflow.start('adjustShape', { taskQueue: TASK_QUEUE, workflowId, args: [{ instanceId: id, ...input }] }) as Promise<WorkflowHandle<Adjust>>;
  const run = async (input: object): Promise<AdjustShapeResult> => (await start(input)).result();
  const resize = async (more: object = {}): Promise<ResizeResult> =>
    (await server.env.client.workflow.start('resizeInPlace', { taskQueue: TASK_QUEUE, workflowId: `migration/${id}`, args: [{ instanceId: id, shape: 'm7i.medium', reason: 'it idles', ...more }] })).result() as Promise<ResizeResult>;

  it('only tells what it would do unless it may act, and remembers what it learned from look to look', async () => {
    instance.looks = ['weighed', 'in-place', 'busy', 'migrate'];
    const result = await run({ rounds: 4 });
    expect(result).toMatchObject({ outcome: 'Ended', mode: 'observe', rounds: 4 });
    expect(result.changes.map(({ to, means, outcome, usdPerHourBefore, usdPerHourAfter, oneOffUsd, usdPerHourSaved }) => [to, means, outcome, usdPerHourBefore, usdPerHourAfter, oneOffUsd, usdPerHourSaved])).toEqual([
      ['m7i.medium', 'in-place', 'only looked at', 0.1, 0.05, 0.02, 0.05],
      ['m7i.medium', 'migrate', 'only looked at', 0.1, 0.05, 0.02, 0.05],
    ]);
    expect([instance.shape, instance.queued, instance.state]).toEqual(['m7i.large', [], 'running']);
    expect(instance.memories).toMatchObject([{ state: { changedAtMs: null } }, { state: { changedAtMs: 1 } }, { state: { changedAtMs: 2 } }, { state: { changedAtMs: 2 } }]);
  });

  it('hands a move to the queue of its fleet, whose limits hold', async () => {
    instance.looks = ['migrate', 'weighed'];
    const { changes } = await run({ mode: 'act', rounds: 2 });
    expect(changes.map(({ outcome }) => outcome)).toEqual(['queued in fleet shop']);
    expect(instance.queued).toMatchObject([{ itemId: `shape/1/${id}`, instanceId: id, service: 'web', slaClass: 'relaxed', shapes: ['m7i.medium'], zones: ['us-east-1a'], onlyIfContended: false, requestedBy: 'foreshift:shape' }]);
  });

  it('resizes in place: out of its group, stopped, another type, started, back again', async () => {
    instance.looks = ['in-place', 'weighed'];
    const handle = await start({ mode: 'act', rounds: 2 });
    const { changes } = await handle.result();
    await keepHistory('shape/resized-in-place', handle);
    await keepHistory('shape/resized', server.env.client.workflow.getHandle(`migration/${id}`));
    expect(changes[0]?.outcome).toMatch(/^resized, out of service for \d+ s$/);
    expect([instance.shape, instance.state, instance.registered]).toEqual(['m7i.medium', 'running', true]);
  });

  it.each(['deregisterTarget', 'stopShadow', 'changeShape', 'startShadow m7i.medium', 'registerTarget'])('does nothing twice where the answer of %s is lost', async (name) => {
    instance.failing.set(name, 'reply lost');
    expect(await resize()).toMatchObject({ kind: 'Resized', from: 'm7i.large', to: 'm7i.medium', cost: { usdPerHourBefore: 0.1, usdPerHourAfter: 0.05, oneOffUsd: 0 } });
    expect([instance.shape, instance.state, instance.registered]).toEqual(['m7i.medium', 'running', true]);
  });

  it.each(['deregisterTarget', 'stopShadow', 'changeShape', 'startShadow m7i.medium'])('is what it was where %s fails for good', async (name) => {
    instance.failing.set(name, 'InsufficientCapacity');
    expect(await resize()).toMatchObject({ kind: 'RolledBack', reasons: [expect.stringMatching(/there is no room/)] });
    expect([instance.shape, instance.state, instance.registered]).toEqual(['m7i.large', 'running', true]);
  });

  it('is out of its group again before it is stopped again, where it was back already', async () => {
    instance.activities.awaitTargetHealthy = async () => {
      if (instance.shape === 'm7i.medium') throw businessFailure('Conflict', 'it does not serve');
    };
    expect(await resize()).toMatchObject({ kind: 'RolledBack', reasons: [expect.stringMatching(/does not serve/)] });
    expect([instance.shape, instance.state, instance.registered, instance.wasCutOff]).toEqual(['m7i.large', 'running', true, false]);
    await keepHistory('shape/rolled-back-when-it-was-back-in-its-group', server.env.client.workflow.getHandle(`migration/${id}`));
  });

  it('stays what it became where it cannot be taken out of its group again: it may serve', async () => {
    instance.activities.awaitTargetHealthy = async () => {
      instance.failing.set('deregisterTarget', 'InsufficientCapacity');
      throw businessFailure('Conflict', 'it does not serve');
    };
    expect(await resize()).toMatchObject({ kind: 'NeedsOperator', left: [expect.stringMatching(/^out of its target group again: /), expect.stringMatching(/not tried/), expect.stringMatching(/not tried/)] });
    expect([instance.shape, instance.state, instance.wasCutOff]).toEqual(['m7i.medium', 'running', false]);
  });

  it('asks for an operator where it cannot be started as what it was either, and does not list what does not run', async () => {
    for (const as of ['m7i.medium', 'm7i.large']) instance.failing.set(`startShadow ${as}`, 'InsufficientCapacity');
    expect(await resize()).toMatchObject({ kind: 'NeedsOperator', left: [expect.stringMatching(/a m7i.large again, and running: .*there is no room/), expect.stringMatching(/back into its target group: not tried/)] });
    expect(instance.registered).toBe(false);
  });

  it('is what it was where it is cancelled while it stops', async () => {
    instance.activities.awaitInstanceStopped = async () => instance.slowToStop();
    const handle = await server.env.client.workflow.start('resizeInPlace', { taskQueue: TASK_QUEUE, workflowId: `migration/${id}`, args: [{ instanceId: id, shape: 'm7i.medium', reason: 'it idles' }] });
    while (instance.state !== 'stopped') await new Promise((resolve) => setTimeout(resolve, 20));
    await handle.cancel();
    expect(await handle.result()).toEqual({ kind: 'RolledBack', reasons: ['cancelled from outside'] });
    expect([instance.shape, instance.state, instance.registered]).toEqual(['m7i.large', 'running', true]);
  });

  it('leaves the last healthy instance of a service alone', async () => {
    instance.registered = false;
    expect(await resize()).toEqual({ kind: 'Refused', error: 'Conflict', reasons: [expect.stringMatching(/last healthy target/)] });
    expect([instance.shape, instance.state]).toEqual(['m7i.large', 'running']);
  });

  it('does nothing beyond the budget, with the sum, and says it once though it is so at every look', async () => {
    expect(await resize({ budget: { maximumUsdPerHour: 0.01 } })).toEqual({ kind: 'Refused', error: 'BudgetExceeded', reasons: [expect.stringMatching(/costs 0.0500 USD an hour/)] });
    expect([instance.shape, instance.state, instance.registered]).toEqual(['m7i.large', 'running', true]);
    instance.beyondBudget = 'm7i.xlarge costs 0.2000 USD an hour; the budget allows 0.15';
    expect(await run({ rounds: 3, budget: { maximumUsdPerHour: 0.15 } })).toMatchObject({ beyondBudget: instance.beyondBudget, changes: [] });
    expect(instance.audit.filter(({ summary }) => summary === 'BudgetExceeded')).toMatchObject([{ kind: 'refusal', reason: instance.beyondBudget }]);
  });

  it('goes on with the instance that took its place', async () => {
    instance.looks = ['gone', 'weighed'];
    const result = await run({ rounds: 3, tradeoff: 0.8 });
    expect(result).toMatchObject({ outcome: 'HandedOver', replacementId: 'i-00000000000000002' });
    const next = server.env.client.workflow.getHandle<Adjust>('shape/i-00000000000000002');
    expect(await next.result()).toMatchObject({ outcome: 'Ended', instanceId: 'i-00000000000000002' });
  });

  it('ends when it is told to, refuses what it cannot mean, and replays', async () => {
    const handle = await start({ mode: 'observe' });
    expect((await failureOf(handle.executeUpdate('stop', { args: [{ why: 'x' }] }))).message).toMatch(/why is not a field of stop/);
    await handle.executeUpdate('stop', { args: [{ reason: 'retired', by: 'ada' }] });
    expect(await handle.result()).toMatchObject({ outcome: 'Stopped' });
    expect(instance.audit.at(-1)).toMatchObject({ kind: 'outcome', reason: 'retired', actor: 'ada' });
    expect((await handle.query<AdjustStatus>('status')).last).toBe('m7i.large is the best');
    await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, await handle.fetchHistory(), handle.workflowId);
  });

  it.each([
    [{ tradeoff: 2 }, /tradeoff is 2; expected a number from 0 \(cost alone\) to 1 \(performance alone\)/],
    [{ budget: { maximumUsdPerHour: -1 } }, /budget is .*maximumUsdPerHour is -1; expected USD, 0 or more/],
    [{ mode: 'go' }, /mode is "go"; expected "observe" or "act"/],
    [{ shape: 'm7i.large' }, /shape is not a field of adjustShape/],
  ])('refuses %j with a sentence', async (input, sentence) => {
    expect((await failureOf(run(input))).message).toMatch(sentence);
  });

  it('is refused under another id than its own', async () => {
    expect((await failureOf((await start({}, `other/${id}`)).result())).message).toMatch(/the shape of i-\w+ has the workflow id shape\/i-\w+ and no other/);
  });
});
