import type { BalancerPort, TargetHealth } from '../../src/activities/balancer-port';
import type { MetricsPort } from '../../src/activities/metrics-port';
import { createTrafficActivities } from '../../src/activities/traffic-activities';
import type { RouteWeights } from '../../src/contracts/migration-activities';
import type { WeightedTarget } from '../../src/domain/source-snapshot';
import { OWNER, TRAFFIC, expectFailure, losingReply, portOf, untilDone } from './fake-ports';

const activities = (balancer: Partial<BalancerPort>, metrics: Partial<MetricsPort> = {}) => createTrafficActivities(portOf<BalancerPort>(balancer), portOf<MetricsPort>(metrics));
const route = (arn: string, ...weights: [string, number][]): RouteWeights => ({ kind: 'rule', arn, forward: weights.map(([targetGroupArn, weight]) => ({ targetGroupArn, weight })) });

describe('setting weights', () => {
  const routes = [route('rule-1', ['old', 75], ['new', 25]), route('rule-2', ['old', 75], ['new', 25])];
  /** Accepts every change at once and shows each only from its nth look on. */
  const slowBalancer = (looksUntilShown: number) => {
    const [shown, looks, sets] = [new Map<string, readonly WeightedTarget[]>(), new Map<string, number>(), [] as string[]];
    const balancer = portOf<BalancerPort>({
      setForward: async ({ arn }) => void sets.push(arn),
      readForward: async ({ arn }) => {
        looks.set(arn, (looks.get(arn) ?? 0) + 1);
        if ((looks.get(arn) ?? 0) >= looksUntilShown) shown.set(arn, [...(routes.find((one) => one.arn === arn)?.forward ?? [])].reverse());
        return shown.get(arn) ?? [{ targetGroupArn: 'old', weight: 100 }];
      },
    });
    return { balancer, shown, sets };
  };

  it('ends when every route shows them, in whatever order', async () => {
    const { balancer, shown, sets } = slowBalancer(1);
    await activities(balancer).setWeights({ routes, summary: '' });
    expect(sets).toEqual(['rule-1', 'rule-2']);
    expect(shown.size).toBe(2);
  });

  it('is not ready while one shows others, sets none after it, and sets that one again when repeated', async () => {
    const { balancer, sets } = slowBalancer(2);
    await expectFailure(activities(balancer).setWeights({ routes, summary: '' }), 'NotReadyYet', /rule-1/);
    expect(sets).toEqual(['rule-1']);
    await untilDone(() => activities(balancer).setWeights({ routes, summary: '' }));
    expect(sets).toEqual(['rule-1', 'rule-1', 'rule-2', 'rule-1', 'rule-2']);
  });

  it('comes to the same end whichever answer is lost', async () => {
    for (let nth = 1; nth <= 4; nth += 1) {
      const { balancer, shown } = slowBalancer(1);
      const { port } = losingReply(balancer, nth);
      await untilDone(() => activities(port).setWeights({ routes, summary: '' }));
      expect([...shown.keys()]).toEqual(['rule-1', 'rule-2']);
    }
  });
});

describe('waiting for a target', () => {
  const args = { targetGroupArn: 'group', instanceId: 'i-2', port: 8080 };
  const seen = (health: TargetHealth | null) => activities({ health: async () => health });

  it('takes it for healthy only when the balancer says so', async () => {
    await expectFailure(seen(null).awaitTargetHealthy(args), 'NotReadyYet', /i-2 is not registered/);
    await expectFailure(seen({ state: 'unhealthy', reason: 'Target.Timeout' }).awaitTargetHealthy(args), 'NotReadyYet', /unhealthy: Target.Timeout/);
    await expect(seen({ state: 'healthy', reason: '' }).awaitTargetHealthy(args)).resolves.toBeUndefined();
  });

  it('takes it for drained when no traffic can reach it, also where it never was registered', async () => {
    await expectFailure(seen({ state: 'draining', reason: '' }).awaitTargetDrained(args), 'NotReadyYet');
    await expectFailure(seen({ state: 'healthy', reason: '' }).awaitTargetDrained(args), 'NotReadyYet');
    await expect(seen({ state: 'unused', reason: '' }).awaitTargetDrained(args)).resolves.toBeUndefined();
    await expect(seen(null).awaitTargetDrained(args)).resolves.toBeUndefined();
  });
});

describe('the two groups of a ramp', () => {
  it('are one for each role, whichever answer is lost', async () => {
    for (let nth = 0; nth <= 2; nth += 1) {
      const made = new Map<string, string>();
      const { port } = losingReply(
        portOf<BalancerPort>({ copyGroup: async (_owner, likeArn, role) => made.get(role) ?? made.set(role, `${likeArn}-${role}`).get(role) ?? '' }),
        nth,
      );
      const groups = await untilDone(() => activities(port).createRampGroups({ owner: OWNER, traffic: TRAFFIC, vpcId: 'vpc-1' }));
      expect(groups).toEqual({ sourceGroupArn: 'pool-source', shadowGroupArn: 'pool-shadow' });
    }
  });

  it('are deleted with their targets, whichever answer is lost, and where there never were any', async () => {
    for (let nth = 0; nth <= 8; nth += 1) {
      const groups = new Map(nth === 0 ? [] : [['pool-source', new Set(['i-1'])], ['pool-shadow', new Set(['i-2'])]]);
      const { port } = losingReply(
        portOf<BalancerPort>({
          findOwnedGroups: async () => [...groups.keys()],
          targets: async (arn) => [...(groups.get(arn) ?? [])].map((instanceId) => ({ instanceId, port: 8080 })),
          deregister: async (arn, instanceId) => void groups.get(arn)?.delete(instanceId),
          deleteGroup: async (arn) => {
            expect(groups.get(arn)?.size).toBe(0);
            groups.delete(arn);
          },
        }),
        nth,
      );
      await untilDone(() => activities(port).deleteRampGroups({ owner: OWNER }));
      expect(groups.size).toBe(0);
    }
  });

  it('are measured each by itself over the same time, which must not be empty', async () => {
    const asked: unknown[] = [];
    const sample = (name: string) => ({ name }) as never;
    const { measureTraffic } = activities({}, { trafficOf: async (...args) => (asked.push(args), sample(args[0])) });
    const args = { traffic: TRAFFIC, groups: { sourceGroupArn: 's', shadowGroupArn: 'n' }, fromMs: 1000, toMs: 2000 };
    expect(await measureTraffic(args)).toEqual({ source: { name: 's' }, shadow: { name: 'n' } });
    expect(asked).toEqual([['s', 'balancer', 1000, 2000], ['n', 'balancer', 1000, 2000]]);
    await expectFailure(measureTraffic({ ...args, toMs: 1000 }), 'InvalidInput');
  });
});
