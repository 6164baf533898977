import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { ISOLATE_HOST, ISOLATE_MESSAGES } from '../../src/contracts/isolate-host';
import type { IsolationStatus } from '../../src/contracts/isolate-host';
import { isolationWorkflowId } from '../../src/contracts/workflow-ids';
import type { Isolation } from '../../src/domain/isolation';
import { deploymentVersionOf } from '../../src/workers/deployment-version';
import { SagaBench } from './saga-bench';

const DEPLOYMENT = 'foreshift';
const ZONE = 'us-east-1c';
/** A version is known once its worker has polled. */
const PATIENCE_MS = 20_000;

describe('a new version of the workers beside an old one', () => {
  let bench: SagaBench;
  const isolations = new Map<string, Isolation>();
  const isolating = {
    isolatePlace: async (isolation: Isolation) => void isolations.set(isolation.place, isolation),
    liftIsolation: async ({ place }: { place: string }) => void isolations.delete(place),
  };
  beforeAll(async () => {
    bench = await SagaBench.startInRealTime();
  });
  afterEach(async () => {
    await Promise.all(ends.splice(0).map((end) => end()));
  });
  afterAll(() => bench.stop());

  const ends: (() => Promise<void>)[] = [];
  const serve = async (buildId: string): Promise<void> => void ends.push(await bench.serveBeside(deploymentVersionOf({ buildId, taskQueue: DEPLOYMENT }), isolating));

  /** As `temporal worker deployment set-current-version` does. */
  async function makeCurrent(buildId: string): Promise<void> {
    const { workflowService } = bench.client;
    for (const giveUpAtMs = Date.now() + PATIENCE_MS; ; await sleep(200)) {
      const failure = await workflowService.setWorkerDeploymentCurrentVersion({ namespace: bench.env.namespace ?? 'default', deploymentName: DEPLOYMENT, buildId }).then(() => null, (error: Error) => error);
      if (failure === null) return;
      if (Date.now() > giveUpAtMs) throw failure;
    }
  }

  const isolate = (): Promise<WorkflowHandle> => {
    const workflowId = isolationWorkflowId(ZONE);
    bench.alias(workflowId, bench.world());
    return bench.client.workflow.start(ISOLATE_HOST, { taskQueue: 'saga-bench', workflowId, args: [{ zone: ZONE, reason: 'power trouble', drain: false }] });
  };

  /** The first workflow task is over: a query alone would be answered without its being told to the server. */
  async function stageOf(isolation: WorkflowHandle, phase: IsolationStatus['phase']): Promise<void> {
    expect((await isolation.query<IsolationStatus>(ISOLATE_MESSAGES.status)).phase).toBe(phase);
    for (const giveUpAtMs = Date.now() + PATIENCE_MS; ; await sleep(100)) {
      const { events } = await isolation.fetchHistory();
      if (events?.some(({ workflowTaskCompletedEventAttributes: completed }) => completed !== null && completed !== undefined) === true) return;
      if (Date.now() > giveUpAtMs) throw new Error('its first workflow task does not end');
    }
  }

  const buildIdOf = async (workflowId: string): Promise<string> => {
    const { raw } = await bench.client.workflow.getHandle(workflowId).describe();
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? 'none';
  };

  it('is no version at all where no build id is set: what never ends goes on as ever', async () => {
    expect(deploymentVersionOf({ buildId: null, taskQueue: DEPLOYMENT })).toEqual({});
    const isolation = await isolate();
    await stageOf(isolation, 'isolated');
    expect(await buildIdOf(isolation.workflowId)).toBe('none');
    await isolation.terminate('seen');
  });

  it('ends moves where they began, takes what begins now, and goes on with what never ends', async () => {
    await serve('1.0.0');
    await makeCurrent('1.0.0');
    const isolation = await isolate();
    await stageOf(isolation, 'isolated');
    const world = bench.world();
    const old = await bench.start(world, { approval: 'required' });
    const { planHash } = await bench.until(old, ({ awaitingApproval }) => awaitingApproval !== null);
    expect([await buildIdOf(old.workflowId), await buildIdOf(isolation.workflowId)]).toEqual(['1.0.0', '1.0.0']);

    await serve('1.1.0');
    await makeCurrent('1.1.0');
    await old.executeUpdate('approve', { args: [{ planHash, by: 'ada' }] });
    const begun = await bench.start(bench.world(), { approval: 'required' });
    await bench.until(begun, ({ awaitingApproval }) => awaitingApproval !== null);
    expect(await isolation.executeUpdate(ISOLATE_MESSAGES.lift, { args: [{ reason: 'over' }] })).toMatch(/isolated no longer/);
    expect(await isolation.result()).toMatchObject({ phase: 'lifted' });
    await bench.until(old, ({ phases }) => phases.some(({ phase }) => phase === 'shadow'));
    expect([await buildIdOf(old.workflowId), await buildIdOf(begun.workflowId), await buildIdOf(isolation.workflowId)]).toEqual(['1.0.0', '1.1.0', '1.1.0']);
    for (const handle of [old, begun]) await handle.terminate('seen');
  }, 60_000);
});
