import { setTimeout as sleep } from 'node:timers/promises';
import { DeregisterTargetsCommand, ModifyListenerCommand, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { load, startBalancingFixture, type BalancingFixture } from './balancing-fixture';
import { eventually } from './gateway-fixture';
import { TOOLS_TIMEOUT_MS } from './outside-tools';

describe('A load balancer', () => {
  let fixture: BalancingFixture;
  beforeAll(async () => {
    fixture = await startBalancingFixture();
  }, TOOLS_TIMEOUT_MS);
  afterAll(() => fixture.stop());

  async function twoGroups(name: string) {
    const [old, next] = [await fixture.startBackend(), await fixture.startBackend()];
    const oldGroup = await fixture.createGroup(`${name}-old`, [old]);
    const nextGroup = await fixture.createGroup(`${name}-new`, [next]);
    const listener = await fixture.createListener(name, { [oldGroup]: 100, [nextGroup]: 0 });
    await fixture.allIn(oldGroup, 'healthy');
    await fixture.allIn(nextGroup, 'healthy');
    return { old, next, oldGroup, nextGroup, listener };
  }

  it('sends each group the share of its weight, nothing at weight 0, and publishes what it did', async () => {
    const { old, next, oldGroup, nextGroup, listener } = await twoGroups('share');
    for (let sent = 0; sent < 50; sent += 1) expect(await (await fetch(listener.url)).text()).toBe(old.id);
    expect(next.served).toBe(0);

    await fixture.setWeights(listener.arn, { [oldGroup]: 75, [nextGroup]: 25 });
    [old.served, next.served] = [0, 0];
    const run = load(listener.url, 300);
    await sleep(5000);
    const summary = await run.stop();
    expect(summary.failed).toBe(0);
    expect(old.served + next.served).toBe(summary.sent);
    expect(next.served / summary.sent).toBeGreaterThan(0.2);
    expect(next.served / summary.sent).toBeLessThan(0.3);

    const LoadBalancer = listener.loadBalancerArn.split(':loadbalancer/')[1] ?? '';
    const sum = async (metric: string, stat: string): Promise<number> => {
      const now = Date.now();
      const { MetricDataResults } = await fixture.cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(now - 3_600_000),
          EndTime: new Date(now + 60_000),
          MetricDataQueries: [
            {
              Id: 'm',
              MetricStat: {
                Metric: { Namespace: 'AWS/ApplicationELB', MetricName: metric, Dimensions: [{ Name: 'LoadBalancer', Value: LoadBalancer }] },
                Period: 3600,
                Stat: stat,
              },
            },
          ],
        }),
      );
      return (MetricDataResults?.[0]?.Values ?? []).reduce((total, value) => total + value, 0);
    };
    await eventually(async () => (await sum('RequestCount', 'Sum')) === summary.sent + 50);
    expect(await sum('HTTPCode_Target_2XX_Count', 'Sum')).toBe(summary.sent + 50);
    expect(await sum('TargetResponseTime', 'SampleCount')).toBe(summary.sent + 50);
    expect(await sum('TargetResponseTime', 'p99')).toBeLessThan(1);
  });

  it('fails no request while weights change twenty times at 300 requests a second', async () => {
    const { oldGroup, nextGroup, listener, next } = await twoGroups('ramp');
    const run = load(listener.url, 300);
    for (let step = 1; step <= 20; step += 1) {
      await fixture.setWeights(listener.arn, { [oldGroup]: 100 - step * 5, [nextGroup]: step * 5 });
      await sleep(150);
    }
    const summary = await run.stop();
    expect({ failed: summary.failed, first: summary.firstFailures, unfinished: summary.unfinished }).toEqual({ failed: 0, first: [], unfinished: 0 });
    expect(summary.sent).toBeGreaterThan(300);
    const served = next.served;
    expect(await (await fetch(listener.url)).text()).toBe(next.id);
    expect(next.served).toBe(served + 1);
  });

  it('lets a slow request finish on a target that is deregistered, and fails none of the others', async () => {
    const [leaving, staying] = [await fixture.startBackend(), await fixture.startBackend()];
    const group = await fixture.createGroup('drain', [leaving]);
    const listener = await fixture.createListener('drain', { [group]: 1 });
    await fixture.allIn(group, 'healthy');
    const slow = fetch(`${listener.url}/?ms=1500`);
    await eventually(async () => leaving.served === 1);
    await fixture.elb.send(new RegisterTargetsCommand({ TargetGroupArn: group, Targets: [{ Id: staying.id }] }));
    await fixture.allIn(group, 'healthy');

    const run = load(listener.url, 300);
    await sleep(300);
    await fixture.elb.send(new DeregisterTargetsCommand({ TargetGroupArn: group, Targets: [{ Id: leaving.id }] }));
    await fixture.applied();
    const servedAtDrain = leaving.served;
    expect((await fixture.states(group))[leaving.id]).toBe('draining');
    expect(await (await slow).text()).toBe(leaving.id);
    await eventually(async () => !(leaving.id in (await fixture.states(group))));
    const summary = await run.stop();
    expect(summary.firstFailures).toEqual([]);
    expect(leaving.served).toBe(servedAtDrain);
  });

  it('takes an unhealthy and a stopped target out of rotation and answers 503 when none is left', async () => {
    const [sick, stopped] = [await fixture.startBackend(), await fixture.startBackend()];
    const group = await fixture.createGroup('health', [sick, stopped]);
    const listener = await fixture.createListener('health', { [group]: 1 });
    await fixture.allIn(group, 'healthy');
    sick.healthy = false;
    await eventually(async () => (await fixture.states(group))[sick.id] === 'unhealthy');
    await fixture.applied();
    for (let sent = 0; sent < 20; sent += 1) expect(await (await fetch(listener.url)).text()).toBe(stopped.id);
    fixture.setState(stopped.id, 'stopped');
    expect((await fixture.states(group))[stopped.id]).toBe('unused');
    await fixture.applied();
    expect((await fetch(listener.url)).status).toBe(503);
    sick.healthy = true;
    await eventually(async () => (await fixture.states(group))[sick.id] === 'healthy');
    await fixture.applied();
    expect((await fetch(listener.url)).status).toBe(200);
  });

  it('is there again on the same port with the same weights after Envoy was killed', async () => {
    const { next, oldGroup, nextGroup, listener } = await twoGroups('killed');
    await fixture.setWeights(listener.arn, { [oldGroup]: 0, [nextGroup]: 1 });
    const listed = (await fixture.control('/_local/balancers')) as { envoyPid: number }[];
    process.kill(listed[0]?.envoyPid ?? 0, 'SIGKILL');
    await expect(fetch(listener.url)).rejects.toThrow();
    await fixture.applied();
    expect(await (await fetch(listener.url)).text()).toBe(next.id);
  });

  it('refuses weights and groups that AWS refuses', async () => {
    const group = await fixture.createGroup('refused', []);
    const { arn: ListenerArn } = await fixture.createListener('refused', { [group]: 1 });
    const withGroup = (TargetGroupArn: string, Weight: number) =>
      fixture.elb.send(
        new ModifyListenerCommand({ ListenerArn, DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn, Weight }] } }] }),
      );
    await expect(withGroup(group, 1000)).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(withGroup(`${group}0`, 1)).rejects.toMatchObject({ name: 'TargetGroupNotFoundException' });
    await expect(
      fixture.elb.send(new RegisterTargetsCommand({ TargetGroupArn: group, Targets: [{ Id: 'i-unknown' }] })),
    ).rejects.toMatchObject({ name: 'InvalidTargetException' });
  });
});
