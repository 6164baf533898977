import { planFleet } from '../../../src/domain/fleet-plan/plan-fleet';
import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import { HOUR, MINUTE, SHAPES, cpuForecast, instance, randomFleet, shapeNamed, snapshot, zone } from '../../../infra/bench/plan/generated-fleet';

const policy = DEFAULT_PLAN_POLICY;
const steady = (percent: number, spread = 5) => ({ cpuPercent: cpuForecast(() => percent, spread) });
/** Calm until noon, far above the limit then. */
const noonPeak = { cpuPercent: cpuForecast((step) => (step < 144 ? 50 : 120)) };
const reasonOf = (plan: ReturnType<typeof planFleet>, id: string): string | undefined => plan.held.find(({ instanceId }) => instanceId === id)?.reason;

describe('a fleet plan', () => {
  it('grows what is about to be overloaded, shrinks what is idle, leaves the rest, and says why of each', () => {
    const plan = planFleet(snapshot([instance('i-hot', {}, steady(95)), instance('i-idle', {}, steady(5, 2)), instance('i-fine', {}, steady(60))]), policy);
    expect(plan.moves.map(({ instanceId, kind, toShape }) => [instanceId, kind, toShape])).toEqual([
      ['i-hot', 'grow', 'm7i.2xlarge'],
      ['i-idle', 'shrink', 'm7i.large'],
    ]);
    expect(plan.moves[0]?.reasons[0]).toMatch(/m7i.2xlarge from 30 min on: staying on m7i.xlarge costs .* with 1440 min expected overload/);
    expect(reasonOf(plan, 'i-fine')).toMatch(/m7i.xlarge costs 4.80 USD with 0.0 min expected overload: no other shape is worth a move/);
    expect(plan.avoidedMinutes).toBeGreaterThan(1_300);
  });

  it('starts a move as late as its lead allows before the onset', () => {
    const [move] = planFleet(snapshot([instance('i-noon', { stateBytes: 0 }, noonPeak)]), policy).moves;
    const leadMs = 26 * MINUTE;
    expect(move?.deadlineAtMs).toBe(12 * HOUR);
    expect(move?.startAtMs).toBe(12 * HOUR - leadMs);
  });

  it.each([18, 22, 26, 31])('begins at once what is wanted at the earliest, with a lead of %i min', (leadMinutes) => {
    const { launchMs, syncMs, bakeMs } = policy.durations;
    const slow = { ...policy, durations: { launchMs, syncMs, bakeMs, rampMs: leadMinutes * MINUTE - launchMs - syncMs } };
    const { moves, atMs } = planFleet(snapshot([instance('i-hot', {}, steady(95))]), slow);
    expect(moves[0]?.startAtMs).toBe(atMs);
  });

  it('plans more lead for more state', () => {
    const [move] = planFleet(snapshot([instance('i-noon', { stateBytes: 720e9 }, noonPeak)]), policy).moves;
    expect(move?.startAtMs).toBe(11 * HOUR - 26 * MINUTE);
    expect(move?.risk).toBe('medium');
  });

  it('ranks by averted overload, then relaxed before critical, then fewer dependencies', () => {
    const plan = planFleet(
      snapshot([
        instance('i-noon', {}, noonPeak),
        instance('i-critical', { slaClass: 'critical' }, steady(110)),
        instance('i-tangled', { slaClass: 'relaxed', dependencies: ['queue', 'database'] }, steady(110)),
        instance('i-relaxed', { slaClass: 'relaxed' }, steady(110)),
      ]),
      policy,
    );
    expect(plan.moves.map(({ instanceId }) => instanceId)).toEqual(['i-relaxed', 'i-tangled', 'i-critical', 'i-noon']);
    expect(plan.moves.find(({ instanceId }) => instanceId === 'i-critical')?.risk).toBe('high');
  });

  it('moves one of a service and one of a dependency at a time', () => {
    const plan = planFleet(
      snapshot([
        instance('i-1', { service: 'shop' }, steady(110)),
        instance('i-2', { service: 'shop' }, steady(95)),
        instance('i-3', { dependencies: ['database'] }, steady(110)),
        instance('i-4', { dependencies: ['database'] }, steady(95)),
      ]),
      policy,
    );
    expect(plan.moves.map(({ instanceId }) => instanceId)).toEqual(['i-1', 'i-3']);
    expect(reasonOf(plan, 'i-2')).toBe('i-1, which it depends on or serves with, moves first');
    expect(reasonOf(plan, 'i-4')).toBe('i-3, which it depends on or serves with, moves first');
  });

  it('holds what is pinned, moves already, rests, costs too much, would return, or is one too many', () => {
    const hot = steady(110);
    const plan = planFleet(
      snapshot([
        instance('i-pinned', { pinned: 'termination protection' }, hot),
        instance('i-moving', { migrating: true }, hot),
        instance('i-rests', { lastMove: { endedAtMs: -HOUR, fromPoolId: 'us-east-1b', fromShape: 'm7i.large' } }, hot),
        instance('i-back', { lastMove: { endedAtMs: -3 * HOUR, fromPoolId: 'us-east-1b', fromShape: 'm7i.large' } }, steady(5, 2)),
        instance('i-dear', { stateBytes: 40e12 }, noonPeak),
        instance('i-a', {}, hot),
        instance('i-b', {}, hot),
      ]),
      { ...policy, maxMoves: 1, maxMoveUsd: 5 },
    );
    expect(plan.moves.map(({ instanceId }) => instanceId)).toEqual(['i-a']);
    expect(reasonOf(plan, 'i-pinned')).toBe('it must not be moved: termination protection');
    expect(reasonOf(plan, 'i-moving')).toBe('it is being moved already');
    expect(reasonOf(plan, 'i-rests')).toBe('it rests after its last move for another 60 min');
    expect(reasonOf(plan, 'i-back')).toBe('it would go back to m7i.large, which it left lately');
    expect(reasonOf(plan, 'i-b')).toBe('the plan already has the 1 moves that it may have');
  });

  it('tells an instance without a forecast from one without a problem', () => {
    expect(reasonOf(planFleet(snapshot([instance('i-new', {}, {})]), policy), 'i-new')).toBe('there is no forecast of it that reaches beyond now');
  });

  it('counts on a burstable instance only as long as its credits are expected to last', () => {
    const burst = { balance: 60, baselinePercent: 20 };
    const plan = planFleet(snapshot([instance('i-credits', { burst }, steady(60)), instance('i-plenty', { burst: { ...burst, balance: 1e6 } }, steady(60))]), policy);
    expect(plan.moves.map(({ instanceId, kind }) => [instanceId, kind])).toEqual([['i-credits', 'grow']]);
  });

  describe('on pools', () => {
    const host = (id: string, change = {}) => zone(id, { kind: 'host', zone: 'us-east-1a', capacityVcpus: 16, ...change });
    const onHost = (id: string, change = {}, percent = 80) => instance(id, { poolId: 'h-1', ...change }, steady(percent, 2));

    it('relieves one that is predicted to run out: the relaxed with the fewest dependencies first, no more than needed, to the tightest fit', () => {
      const members = [onHost('i-1'), onHost('i-2'), onHost('i-3', { slaClass: 'critical' }), onHost('i-4', { slaClass: 'relaxed', dependencies: ['database'] }), onHost('i-5', { slaClass: 'relaxed' })];
      const pools = [host('h-1'), host('h-2', { capacityVcpus: 48 }), host('h-3', { capacityVcpus: 8 }), host('h-4', { capacityVcpus: 2 })];
      const plan = planFleet(snapshot(members, pools), policy);
      expect(plan.moves.map(({ instanceId, kind, toPoolId }) => [instanceId, kind, toPoolId])).toEqual([['i-5', 'offload', 'h-3']]);
      expect(plan.moves[0]?.reasons[0]).toMatch(/h-1 is predicted to run out: 16.4 vCPUs at the 0.95 quantile of 16/);
    });

    it('drains an isolated one entirely, takes none for a target that is isolated, full, or holds the service, and counts each planned move', () => {
      const members = [onHost('i-1'), onHost('i-2'), instance('i-kin', { service: 'service-of-i-1', poolId: 'h-2' }, steady(60))];
      const pools = [host('h-1', { isolated: 'scheduled for retirement' }), host('h-2'), host('h-3', { capacityVcpus: 4 }), host('h-4', { isolated: 'failing' })];
      const plan = planFleet(snapshot(members, pools), policy);
      expect(plan.moves.map(({ instanceId, kind, toPoolId }) => [instanceId, kind, toPoolId])).toEqual([
        ['i-1', 'drain', 'h-3'],
        ['i-2', 'drain', 'h-2'],
      ]);
    });

    it('says of every pool why it does not take an instance', () => {
      const plan = planFleet(snapshot([onHost('i-1')], [host('h-1', { isolated: 'failing' }), host('h-2', { offeredShapes: [] })]), policy);
      expect(reasonOf(plan, 'i-1')).toBe('no pool takes m7i.xlarge: h-1: it has to leave; h-2: does not offer m7i.xlarge');
    });

    it('sends nobody back where he came from lately', () => {
      const member = onHost('i-1', { lastMove: { endedAtMs: -5 * HOUR, fromPoolId: 'h-2', fromShape: 'm7i.xlarge' } });
      const plan = planFleet(snapshot([member], [host('h-1', { isolated: 'failing' }), host('h-2')]), policy);
      expect(reasonOf(plan, 'i-1')).toContain('h-2: it came from there lately');
    });
  });

  it('is the same for the same fleet in any order, names every instance once, and keeps its limits', () => {
    const fleet = randomFleet(300, 7);
    const plan = planFleet(fleet, policy);
    expect(planFleet({ ...fleet, instances: fleet.instances.toReversed() }, policy)).toEqual(plan);
    expect([...plan.moves, ...plan.held].map(({ instanceId }) => instanceId).toSorted()).toEqual(fleet.instances.map(({ instanceId }) => instanceId));
    expect(plan.moves.length).toBeLessThanOrEqual(policy.maxMoves);
    expect(new Set(plan.moves.map(({ service }) => service)).size).toBe(plan.moves.length);
    for (const { toShape, toPoolId } of plan.moves) {
      expect(SHAPES).toContainEqual(shapeNamed(toShape));
      expect(fleet.pools.find(({ poolId }) => poolId === toPoolId)?.isolated).toBeNull();
    }
  });
});
