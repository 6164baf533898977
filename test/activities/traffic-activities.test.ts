import type { BalancerPort, TargetHealth } from '../../src/activities/balancer-port';
import type { MetricsPort } from '../../src/activities/metrics-port';
import { createTrafficActivities } from '../../src/activities/traffic-activities';
import { beginJudging } from '../../src/domain/judge/begin-step';
import { DEFAULT_GATE } from '../../src/domain/judge/ramp-gate';
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

describe('waiting until a group gets nothing any more', () => {
  const args = { loadBalancerArn: 'balancer', targetGroupArn: 'group', sinceMs: 0, settleMs: 5_000 };
  const counted = (requests: number | null) => activities({}, { lastRequests: async (_, { toMs }) => (expect(Date.now() - toMs).toBeGreaterThanOrEqual(5_000), requests) });

  it('believes the balancer\'s count, and neither silence nor a weight', async () => {
    await expectFailure(counted(null).awaitGroupQuiet(args), 'NotReadyYet', /not known yet/);
    await expectFailure(counted(3).awaitGroupQuiet(args), 'NotReadyYet', /group still gets requests: 3 in the last interval/);
    await expect(counted(0).awaitGroupQuiet(args)).resolves.toBeUndefined();
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

  it('are judged by what both served since the last look, and by the source\'s latencies over the window', async () => {
    const asked: unknown[] = [];
    const quiet = { requests: 0, errors: 0, answers: 0, slower: [] };
    const broken = { requests: 200, errors: 200, answers: 200, slower: [] };
    const { judgeTraffic } = activities({}, {
      trafficIntervals: async (of, range, thresholds) => {
        asked.push({ of, range, thresholds });
        return [1_000, 11_000].map((fromMs) => ({ fromMs, toMs: fromMs + 10_000, source: { ...quiet, requests: 200, answers: 200 }, shadow: broken }));
      },
      latencyQuantiles: async (of, range) => (asked.push({ of, range }), [1, 2, 3, 4, 5, 6]),
    });
    const groups = { sourceGroupArn: 's', shadowGroupArn: 'n' };
    const state = beginJudging(1_000, { steps: 1, durationMs: 20_000 });
    const look = await judgeTraffic({ traffic: TRAFFIC, groups, state, untilMs: 21_000, windowMs: 5_000, gate: DEFAULT_GATE });
    expect(asked).toEqual([
      { of: { loadBalancerArn: 'balancer', ...groups }, range: { fromMs: 1_000, toMs: 21_000 }, thresholds: { sourceMs: [], shadowMs: [] } },
      { of: { loadBalancerArn: 'balancer', targetGroupArn: 's' }, range: { fromMs: 16_000, toMs: 21_000 } },
    ]);
    expect(look).toMatchObject({ verdict: { kind: 'fail' }, latencies: [1, 2, 3, 4, 5, 6], state: { seenUntilMs: 21_000 } });
    // A look whose reply was lost is repeated with the state before it, and comes to the same.
    expect(await judgeTraffic({ traffic: TRAFFIC, groups, state, untilMs: 21_000, windowMs: 5_000, gate: DEFAULT_GATE })).toEqual(look);
  });
});
