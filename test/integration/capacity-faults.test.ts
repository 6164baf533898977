import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { ProvisionReplicasResult, ProvisionStatus } from '../../src/contracts/provision-replicas';
import { control } from '../../infra/local/demo/control-client';
import { leftOver, takeInventory } from '../../infra/local/demo/inventory';
import { built } from '../support/built';
import { removeInstances, servingTargets, typeAndState } from './capacity-check';
import { ZONES, holdingStory, keepingStory, losesReplies, providingStory, replicasOf, resizingStory, startReplicas } from './capacity-stories';
import { LiveFleet } from './live-fleet';
import { launchTemplateIn } from './second-region';

const CASE_MS = 240_000;
const AWAY_MS = 20_000;
/** Some requests take so long that one is always under way on whatever serves. */
const SLOW_MS = 700;
/** About half a minute each: by `npm run test:faults`. */
const describeAll = process.env['FORESHIFT_TEST_FAULTS'] === 'all' ? describe : describe.skip;

let live: LiveFleet;
beforeAll(async () => {
  live = await LiveFleet.start('test-capacity');
}, 300_000);
afterAll(async () => {
  await live.stop();
});
afterEach(async () => {
  await live.control('DELETE', '/_local/faults');
  for (const zone of ZONES) for (const shape of ['m7i.large', 'm7i.xlarge', 'm7i.2xlarge']) await live.control('PUT', '/_local/pools', { zone, shape, capacity: null });
});

interface Added {
  readonly web: readonly string[];
  readonly api: readonly string[];
}

/** What must hold after every case, by the cloud's own word: what was added serves beside what was there, nothing is double or left, no request failed, the audit is whole. */
async function around(work: () => Promise<Partial<Added>>): Promise<void> {
  const before = await live.inventory();
  const serving = { web: await servingTargets(live, 'web'), api: await servingTargets(live, 'api') };
  const traffic = live.traffic(SLOW_MS);
  const { web = [], api = [] } = await work().catch(async (error: unknown) => {
    await traffic.stop();
    throw error;
  });
  const { failed, firstFailures } = await traffic.stop();
  expect({ failed, firstFailures }).toEqual({ failed: 0, firstFailures: [] });
  expect(await servingTargets(live, 'web')).toEqual([...serving.web, ...web].toSorted());
  expect(await servingTargets(live, 'api')).toEqual([...serving.api, ...api].toSorted());
  expect(leftOver(before, await live.inventory(), [...web, ...api])).toEqual([]);
  const { intact, problems } = await live.verifyAudit();
  expect({ intact, problems }).toEqual({ intact: true, problems: [] });
  await removeInstances(live, 'web', web);
  await removeInstances(live, 'api', api);
}

/** Kills the worker as soon as the cloud has carried the operation out, and starts the next one. */
async function killAfter(operation: string, seq: number): Promise<void> {
  const reached = await live.untilCalled(operation, seq).then(
    () => null,
    (error: unknown) => error,
  );
  await killNow();
  expect(reached).toBeNull();
}

async function killNow(): Promise<void> {
  await live.stack.worker?.kill();
  await live.stack.startWorker();
}

describe('a worker that is killed', () => {
  it('while it provides replicas, holds capacity and makes an instance another type, with every reply lost once and no room on the first rung: all of it comes right', async () => {
    await around(async () => {
      const seq = await live.lastCall();
      const [providing, holding, resizing] = [providingStory(live), holdingStory(live), resizingStory(live)];
      await Promise.all([providing.begin(), holding.begin(), resizing.begin()]);
      await killAfter('RunInstances', seq);
      await holding.release();
      return { web: [...(await providing.end()), ...(await resizing.end())], api: await holding.end() };
    });
  }, CASE_MS);
});

describe('a request for another region', () => {
  it("started from a terminal on the own region's queue, is carried out at that region's endpoint; an unknown region is refused at once", async () => {
    const other = live.otherRegion();
    const launchTemplateId = await launchTemplateIn(other, 'west');
    const before = await takeInventory(other.endpoint, other.aws.elb);
    const seq = await live.lastCall();
    const { zones: _, ...input } = replicasOf(live, { region: other.region, template: { launchTemplateId } });
    const result = (await (await startReplicas(live, input)).result()) as ProvisionReplicasResult;
    expect(result).toEqual(expect.objectContaining({ kind: 'Provisioned', complete: true }));
    const replicas = result.kind === 'Provisioned' ? result.replicas : [];
    expect(replicas.filter(({ zone }) => zone.startsWith(other.region))).toHaveLength(2);
    expect(leftOver(before, await takeInventory(other.endpoint, other.aws.elb), replicas.map(({ instanceId }) => instanceId))).toEqual([]);
    expect((await live.callsSince(seq)).filter(({ mutating }) => mutating)).toEqual([]);

    const unknown = await startReplicas(live, replicasOf(live, { region: 'eu-west-1' }));
    expect(await unknown.result()).toMatchObject({ kind: 'Refused', error: 'InvalidInput', reasons: [expect.stringContaining(`serve: us-east-1, ${other.region}`)] });
  }, CASE_MS);
});

describeAll('a worker that is killed while it provides replicas in another region', () => {
  it('behind that region\'s balancer, with replies lost there: two serve, and no request fails', async () => {
    const { region, endpoint, aws } = live.otherRegion();
    const { createFleet } = built<typeof import('../../infra/local/demo/demo-fleet')>('infra/local/demo/demo-fleet');
    const { startLoad } = built<typeof import('../../infra/local/load/load-generator')>('infra/local/load/load-generator');
    const fleet = await createFleet(endpoint, aws);
    const before = await takeInventory(endpoint, aws.elb);
    for (const operation of ['ec2:CreateCapacityReservation', 'ec2:RunInstances']) await control(endpoint, 'POST', '/_local/faults', { kind: 'dropAfter', operation, times: 1 });
    const load = startLoad({ url: fleet.url, path: '/items', ratePerSecond: 60, connections: 8 });
    const { zones: _, ...input } = replicasOf(live, { region, template: { instanceId: fleet.instances[0]?.instanceId ?? '' } });
    const handle = await startReplicas(live, input);
    await live.until(handle, 'the launch', (status) => (status as unknown as ProvisionStatus).phase === 'launch');
    await killNow();
    const result = (await handle.result()) as ProvisionReplicasResult;
    const { started, failed, unfinished, firstFailures } = await load.stop();
    expect(result).toEqual(expect.objectContaining({ kind: 'Provisioned', complete: true }));
    expect({ failed, unfinished, firstFailures }).toEqual({ failed: 0, unfinished: 0, firstFailures: [] });
    expect(started).toBeGreaterThan(300);
    expect(leftOver(before, await takeInventory(endpoint, aws.elb), result.kind === 'Provisioned' ? result.replicas.map(({ instanceId }) => instanceId) : [])).toEqual([]);
  }, CASE_MS);
});

describeAll('a worker that is killed while it provides replicas, and', () => {
  it.each(['DescribeSubnets', 'CreateCapacityReservation', 'RunInstances', 'RegisterTargets', 'DeleteTags', 'CancelCapacityReservation'])('%s was carried out: two serve, in the zone that has room', async (operation) => {
    await around(async () => {
      const [story, seq] = [providingStory(live), await live.lastCall()];
      await story.begin();
      await killAfter(operation, seq);
      return { web: await story.end() };
    });
  }, CASE_MS);

  it('nothing of it can be launched: all of it is gone again', async () => {
    await around(async () => {
      await live.control('POST', '/_local/faults', { kind: 'error', operation: 'ec2:RunInstances', code: 'InsufficientInstanceCapacity', status: 500, times: 0 });
      const seq = await live.lastCall();
      const handle = await startReplicas(live, replicasOf(live));
      await killAfter('CreateCapacityReservation', seq);
      expect(await handle.result()).toMatchObject({ kind: 'RolledBack' });
      return {};
    });
  }, CASE_MS);

  it('what serves already may not become the service\'s own: it is drained, and gone again', async () => {
    await around(async () => {
      await live.control('POST', '/_local/faults', { kind: 'error', operation: 'ec2:DeleteTags', match: 'foreshift:owner', code: 'UnauthorizedOperation', status: 403, times: 0 });
      const seq = await live.lastCall();
      const handle = await startReplicas(live, replicasOf(live));
      await killAfter('RegisterTargets', seq);
      expect(await handle.result()).toMatchObject({ kind: 'RolledBack', phase: 'settle' });
      return {};
    });
  }, CASE_MS);

  it('no rung has room: it is refused, and nothing was created', async () => {
    await around(async () => {
      for (const zone of ZONES) await live.control('PUT', '/_local/pools', { zone, shape: 'm7i.large', capacity: 0 });
      const seq = await live.lastCall();
      const handle = await startReplicas(live, replicasOf(live));
      await killAfter('DescribeSubnets', seq);
      expect(await handle.result()).toMatchObject({ kind: 'Refused', error: 'InsufficientCapacity' });
      return {};
    });
  }, CASE_MS);

  it('the quota is used up: it is refused, and nothing is left', async () => {
    await around(async () => {
      await live.control('POST', '/_local/faults', { kind: 'error', operation: 'ec2:CreateCapacityReservation', code: 'VcpuLimitExceeded', status: 400, times: 0 });
      const seq = await live.lastCall();
      const handle = await startReplicas(live, replicasOf(live));
      await killAfter('DescribeSubnets', seq);
      expect(await handle.result()).toMatchObject({ kind: 'Refused', error: 'InsufficientCapacity' });
      return {};
    });
  }, CASE_MS);
});

describeAll('a request that is terminated, and asked again,', () => {
  it.each(['RunInstances', 'RegisterTargets', 'DeleteTags'])('after %s was carried out: what the first run left is given back, and two serve', async (operation) => {
    await around(async () => {
      // So that the last of them does not end the request before it is terminated.
      await live.control('POST', '/_local/faults', { kind: 'delay', operation: 'ec2:CancelCapacityReservation', ms: 3_000, times: 1 });
      const input = replicasOf(live);
      const seq = await live.lastCall();
      const first = await startReplicas(live, input);
      await live.untilCalled(operation, seq);
      expect((await live.temporal('workflow', 'terminate', '--workflow-id', first.workflowId)).code).toBe(0);
      // What is under way on the worker ends first.
      await killNow();
      const result = (await (await startReplicas(live, input)).result()) as ProvisionReplicasResult;
      expect(result).toEqual(expect.objectContaining({ kind: 'Provisioned', complete: true }));
      return { web: result.kind === 'Provisioned' ? result.replicas.map(({ instanceId }) => instanceId) : [] };
    });
  }, CASE_MS);
});

describeAll('replicas that are kept while no worker is there', () => {
  it('and are released, go as soon as one is', async () => {
    await around(async () => {
      const input = replicasOf(live, { keep: true });
      const handle = await startReplicas(live, input);
      await live.until(handle, 'two replicas', (status) => (status as unknown as ProvisionStatus).phase === 'keep');
      await live.stack.worker?.kill();
      const released = handle.executeUpdate('release', { args: [{ reason: 'the case is over' }] });
      await sleep(AWAY_MS);
      await live.stack.startWorker();
      await released;
      expect(await handle.result()).toMatchObject({ kind: 'Released', replaced: 0 });
      return {};
    });
  }, CASE_MS);
});

describeAll('a worker that is killed while it keeps replicas, and', () => {
  it.each(['RunInstances', 'CreateTags'])('%s was carried out for one that was lost: one replaces it, and released they are gone', async (operation) => {
    await around(async () => {
      const story = keepingStory(live);
      await story.begin();
      const seq = await live.lastCall();
      await Promise.all([story.lose(), killAfter(operation, seq)]);
      await story.release();
      await story.end();
      return {};
    });
  }, CASE_MS);

  it.each(['DeregisterTargets', 'TerminateInstances'])('%s was carried out for their release: they are gone', async (operation) => {
    await around(async () => {
      const story = keepingStory(live);
      await story.begin();
      await story.lose();
      await story.release();
      await killAfter(operation, await live.lastCall());
      await story.end();
      return {};
    });
  }, CASE_MS);
});

describeAll('a worker that is killed while it holds capacity, and', () => {
  it.each(['before its hand-over', 'when it is released'])('%s: one is held, handed over once and given back', async (moment) => {
    await around(async () => {
      const [story, seq] = [holdingStory(live), await live.lastCall()];
      await story.begin();
      if (moment === 'before its hand-over') await killAfter('CreateCapacityReservation', seq);
      await story.release();
      if (moment === 'when it is released') await killNow();
      return { api: await story.end() };
    });
  }, CASE_MS);
});

describeAll('a worker that is killed while it makes an instance another type, and', () => {
  it.each(['DeregisterTargets', 'StopInstances', 'ModifyInstanceAttribute', 'StartInstances', 'RegisterTargets'])('%s was carried out: it is that type and serves', async (operation) => {
    await around(async () => {
      const [story, seq] = [resizingStory(live), await live.lastCall()];
      await story.begin();
      await killAfter(operation, seq);
      return { web: await story.end() };
    });
  }, CASE_MS);

  it('there is none of that type: it is what it was, and serves', async () => {
    const instanceId = live.instance('web-2');
    const before = await typeAndState(live, instanceId);
    await around(async () => {
      for (const zone of ZONES) await live.control('PUT', '/_local/pools', { zone, shape: 'm7i.2xlarge', capacity: 0 });
      await losesReplies(live, 'ec2:ModifyInstanceAttribute', 'ec2:StartInstances');
      const seq = await live.lastCall();
      const handle: WorkflowHandle = await live.startByCli('resizeInPlace', `migration/${instanceId}`, { instanceId, shape: 'm7i.2xlarge', reason: 'a case' });
      await killAfter('ModifyInstanceAttribute', seq);
      expect(await handle.result()).toMatchObject({ kind: 'RolledBack' });
      return {};
    });
    expect(await typeAndState(live, instanceId)).toBe(before);
  }, CASE_MS);
});
