import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createActorActivities } from '../../src/activities/actor-activities';
import type { AdjustShapeResult, ResizeResult } from '../../src/contracts/adjust-shape';
import { FakeInstance } from './fake-instance';
import { keepHistory } from './recorded-histories';
import { startDevServer } from './dev-server';
import { BUNDLE, failureOf, quietRuntime } from './saga-bench';

const TASK_QUEUE = 'half-way-bench';
const ALL = process.env['FORESHIFT_TEST_FAULTS'] === 'all';
/** No time is skipped, since the server that does so tells no parent of a terminated child: ten seconds each. */
const HALF_WAY = (['awaitInstanceStopped', 'awaitTargetDrained', 'awaitInstanceRunning', 'awaitInstanceHealthy', 'awaitTargetHealthy'] as const).slice(0, ALL ? 5 : 1);

describe('a change of type that was terminated half way', () => {
  let server: { readonly env: TestWorkflowEnvironment; readonly stop: () => Promise<void> };
  let instance: FakeInstance;
  let id: string;
  beforeAll(async () => {
    const names = Object.keys(new FakeInstance().activities) as (keyof FakeInstance['activities'])[];
    quietRuntime();
    const env = await startDevServer();
    const activities = Object.fromEntries(names.map((name) => [name, (args: never) => (instance.activities[name] as (args: never) => Promise<unknown>)(args)]));
    const worker = await Worker.create({ connection: env.nativeConnection, taskQueue: TASK_QUEUE, workflowBundle: { codePath: BUNDLE }, activities: { ...createActorActivities(null, Date.now), ...activities } });
    const running = worker.run();
    server = {
      env,
      stop: async () => {
        worker.shutdown();
        await running;
        await env.teardown();
      },
    };
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    instance = new FakeInstance();
    id = `i-${randomUUID().replaceAll('-', '').slice(0, 17)}`;
  });

  const lock = () => server.env.client.workflow.getHandle(`migration/${id}`);
  const resize = async (input: object): Promise<ResizeResult> => (await server.env.client.workflow.start('resizeInPlace', { taskQueue: TASK_QUEUE, workflowId: `migration/${id}`, args: [{ instanceId: id, reason: 'it idles', ...input }] })).result() as Promise<ResizeResult>;
  const whole = (): unknown => [instance.shape, instance.state, instance.registered, instance.wasCutOff];
  /** Stands still at that wait until it is let go. */
  const holdAt = (name: (typeof HALF_WAY)[number]): { readonly reached: Promise<void>; readonly letGo: () => void } => {
    const usual = instance.activities[name];
    let [reach, free] = [(): void => undefined, (): void => undefined];
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const freed = new Promise<void>((resolve) => (free = resolve));
    instance.activities[name] = async () => {
      reach();
      await freed;
    };
    const letGo = (): void => {
      instance.activities[name] = usual;
      free();
    };
    return { reached, letGo };
  };

  it.each(HALF_WAY)('at %s is taken back by the next one, which then does what it is asked for', async (name) => {
    const hold = holdAt(name);
    const first = resize({ shape: 'm7i.medium' });
    await hold.reached;
    await Promise.all([lock().terminate('by mistake'), expect(first).rejects.toThrow()]);
    hold.letGo();
    expect(await resize({ takeBack: true })).toMatchObject({ kind: 'RolledBack', reasons: [expect.stringMatching(/is a m7i.large again and serves/)] });
    expect(whole()).toEqual(['m7i.large', 'running', true, false]);
    if (name === 'awaitInstanceStopped') await keepHistory('shape/taken-back-after-it-was-terminated', lock());
    expect(await resize({ shape: 'm7i.medium' })).toMatchObject({ kind: 'Resized', from: 'm7i.large', to: 'm7i.medium' });
  });

  (ALL ? it : it.skip)('is taken back at once where an instance is looked after', async () => {
    instance.looks = ['in-place', 'weighed'];
    const hold = holdAt('awaitInstanceStopped');
    const handle = await server.env.client.workflow.start<(input: object) => Promise<AdjustShapeResult>>('adjustShape', { taskQueue: TASK_QUEUE, workflowId: `shape/${id}`, args: [{ instanceId: id, mode: 'act', everyMs: 500, rounds: 2 }] });
    await hold.reached;
    await lock().terminate('by mistake');
    hold.letGo();
    expect((await handle.result()).changes).toMatchObject([{ outcome: expect.stringMatching(/^refused: RolledBack: a change that was ended from outside is taken back/) }]);
    expect(whole()).toEqual(['m7i.large', 'running', true, false]);
    await keepHistory('shape/took-back-a-terminated-change', handle);
  });

  it('is not taken back where there is none', async () => {
    expect(await resize({ takeBack: true })).toMatchObject({ kind: 'Refused', error: 'Conflict', reasons: [`no change of ${id} stands half way`] });
    expect((await failureOf(resize({ shape: 'm7i.medium', takeBack: true }))).message).toMatch(/shape is "m7i.medium", beside takeBack; expected an instance type, or takeBack alone/);
    expect((await failureOf(resize({}))).message).toMatch(/shape is missing; expected an instance type/);
  });
});
