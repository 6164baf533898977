import type { InstanceFacts } from '../../../src/activities/compute-port';
import { SHAPES } from '../../../infra/bench/plan/generated-fleet';
import { keepHistory } from '../recorded-histories';
import { failureOf } from '../saga-bench';
import { PlanBench } from './plan-bench';

describe('a control tick', () => {
  let bench: PlanBench;
  beforeAll(async () => {
    bench = await PlanBench.start();
  });
  afterAll(() => bench.stop());

  /** One that is about to be overloaded, one that is critical and is as well, one that idles, one that is fine. */
  const busyFleet = () => bench.fresh().add('i-hot', 95).add('i-vital', 95, { 'foreshift:sla': 'critical' }).add('i-idle', 4).add('i-fine', 60);

  it('observes by default: the plan is stored, the audit tells of it, and nothing is asked of the queue', async () => {
    const fleet = busyFleet();
    const handle = await bench.begin({}, 'observed');
    const result = await handle.result();
    await keepHistory('shape-fleet/observed', handle);
    await keepHistory('shape-fleet/one-shard', bench.firstShardOf(handle));
    expect(result).toMatchObject({ outcome: 'Observed', mode: 'observe', instances: 4, moves: 3, withoutForecast: 0, fates: { observed: 3, awaits: 0, goes: 0 } });
    expect(result.top.map(({ instanceId, kind, toShape, risk }) => [instanceId, kind, toShape, risk])).toEqual([
      ['i-hot', 'grow', 'm7i.2xlarge', 'medium'],
      ['i-vital', 'grow', 'm7i.2xlarge', 'high'],
      ['i-idle', 'shrink', 'm7i.large', 'low'],
    ]);
    expect([fleet.mutations, fleet.predicted]).toEqual([0, []]);
    expect(fleet.audit.map(({ kind }) => kind)).toEqual(['decision']);
    expect(fleet.plans.plans[0]?.plan.held.map(({ instanceId }) => instanceId)).toEqual(['i-fine']);
  });

  it('acts: every move goes into the fleet\'s queue under a name that a second asking repeats', async () => {
    const fleet = busyFleet();
    const result = await bench.run({ fleet: 'shop', mode: 'act' });
    expect(result).toMatchObject({ outcome: 'Queued', queued: { queued: 3, duplicates: 0, refusals: [] } });
    expect(fleet.queued.map((one) => one.fleet)).toEqual(['shop']);
    expect(fleet.queued[0]?.requests.map(({ itemId, shapes, decisionId }) => [itemId, shapes, decisionId])).toEqual([
      [`${result.planId}/i-hot`, ['m7i.2xlarge'], result.planId],
      [`${result.planId}/i-vital`, ['m7i.2xlarge'], result.planId],
      [`${result.planId}/i-idle`, ['m7i.large'], result.planId],
    ]);
  });

  it('lets moves of low risk go and the others wait in approve-risky; modes of a service come before the fleet\'s', async () => {
    const fleet = busyFleet();
    const handle = await bench.begin({ mode: 'approve-risky', modes: { 'service-of-i-hot': 'observe' } });
    const { planHash, moves } = await bench.proposed(handle);
    expect(moves).toBe(1);
    expect(fleet.queued.flatMap(({ requests }) => requests.map(({ instanceId }) => instanceId))).toEqual(['i-idle']);
    expect(await handle.executeUpdate('approve', { args: [{ planHash, by: 'ada' }] })).toBe('approved');
    expect(await handle.result()).toMatchObject({ outcome: 'Queued', decidedBy: 'ada', queued: { queued: 2 } });
    expect(fleet.queued.flatMap(({ requests }) => requests.map(({ instanceId, requestedBy }) => [instanceId, requestedBy]))).toEqual([['i-idle', 'foreshift:tick'], ['i-vital', 'ada']]);
  });

  it('does for each service what it has earned, and tells why: one without a record only proposes, and a mode that was given stays', async () => {
    const fleet = busyFleet();
    fleet.earned.set('service-of-i-hot', { mode: 'act', change: 'rises', reasons: ['40 moves ended since the last change or incident, needed are 30'], missing: [] });
    const handle = await bench.begin({ mode: 'earned', modes: { 'service-of-i-idle': 'observe' } }, 'earned');
    const { moves } = await bench.proposed(handle);
    expect(moves).toBe(1);
    expect(fleet.queued.flatMap(({ requests }) => requests.map(({ instanceId }) => instanceId))).toEqual(['i-hot']);
    expect(fleet.askedOf.toSorted()).toEqual(['service-of-i-hot', 'service-of-i-vital']);
    const earned = { 'service-of-i-hot': 'act: 40 moves ended since the last change or incident, needed are 30', 'service-of-i-vital': expect.stringContaining('propose: approve-risky is not earned yet; no drill') as string };
    expect(fleet.audit.find(({ summary }) => summary.startsWith('plan '))).toMatchObject({ detail: { earned } });
    expect(fleet.plans.plans[0]?.choice).toMatchObject({ mode: 'propose', earned });
    expect(fleet.predicted.flatMap(({ outlooks }) => outlooks.map(({ instanceId }) => instanceId))).not.toContain('i-idle');
    expect(await handle.result()).toMatchObject({ mode: 'earned', outcome: 'Expired', queued: { queued: 1 } });
    await keepHistory('shape-fleet/earned', handle);
  });

  it('proposes: waits for an approval of this very plan, and audits who gave it', async () => {
    const fleet = busyFleet();
    const handle = await bench.begin({ mode: 'propose' }, 'approved');
    const { planHash } = await bench.proposed(handle);
    expect(fleet.mutations).toBe(0);
    expect((await failureOf(handle.executeUpdate('approve', { args: [{}] }))).message).toMatch(/planHash is missing/);
    expect((await failureOf(handle.executeUpdate('approve', { args: [{ planHash: 'another' }] }))).message).toMatch(/another is not the plan that awaits approval/);
    await handle.executeUpdate('approve', { args: [{ planHash, by: 'ada' }] });
    await handle.result();
    await keepHistory('shape-fleet/approved', handle);
    expect(fleet.audit.find(({ kind }) => kind === 'approval')).toMatchObject({ actor: 'ada', reason: `hash ${planHash}` });
  });

  it('refuses to approve a plan after which another was made', async () => {
    const fleet = busyFleet();
    const old = await bench.begin({ mode: 'propose' });
    const { planHash } = await bench.proposed(old);
    const newer = await bench.begin({ mode: 'propose' });
    const wanted = await bench.proposed(newer);
    expect((await failureOf(old.executeUpdate('approve', { args: [{ planHash }] }))).message).toMatch(/is outdated: plan-\w+ was made after it/);
    await newer.executeUpdate('approve', { args: [{ planHash: wanted.planHash }] });
    // Before anything is waited for: the clock leaps meanwhile, and the older proposal would expire.
    await old.executeUpdate('decline', { args: [{ reason: 'outdated', by: 'bob' }] });
    expect(await newer.result()).toMatchObject({ outcome: 'Queued' });
    expect(await old.result()).toMatchObject({ outcome: 'Declined', decidedBy: 'bob' });
    expect(fleet.queued).toHaveLength(1);
  });

  it('lets a proposal expire', async () => {
    const fleet = busyFleet();
    expect(await bench.run({ mode: 'propose', approvalTimeoutMs: 60_000 })).toMatchObject({ outcome: 'Expired', queued: { queued: 0 } });
    expect(fleet.mutations).toBe(0);
  });

  it('plans 1,200 instances in shards, each a workflow of its own', async () => {
    const fleet = bench.fresh();
    for (let i = 0; i < 1_200; i++) fleet.add(`i-${String(i).padStart(4, '0')}`, i % 300 === 0 ? 95 : 60);
    const handle = await bench.begin({});
    expect(await handle.result()).toMatchObject({ instances: 1_200, moves: 4, fates: { observed: 4 } });
    const { events = [] } = await handle.fetchHistory();
    const largest = Math.max(...(events ?? []).map((event) => JSON.stringify(event).length));
    expect(largest).toBeLessThan(64 * 1024);
    expect((events ?? []).length).toBeLessThan(120);
  });

  it('plans a start by how long past moves took, once there are enough of them', async () => {
    const fleet = bench.fresh().add('i-hot', 95);
    const phases = (minutes: number) => ['reserve', 'shadow', 'sync', 'verify', 'ramp', 'bake'].map((phase, i) => ({ phase, startedAtMs: i * minutes * 60_000, endedAtMs: (i + 1) * minutes * 60_000 }));
    fleet.pastMoves = Array.from({ length: 7 }, () => ({ phases: phases(10) }));
    await bench.run({});
    fleet.pastMoves = Array.from({ length: 20 }, (_, i) => ({ phases: phases(i < 18 ? 10 : 60) }));
    await bench.run({});
    expect(fleet.plans.plans.map(({ policy }) => policy.durations)).toEqual([
      { launchMs: 180_000, syncMs: 300_000, rampMs: 1_080_000, bakeMs: 600_000 },
      { launchMs: 1_200_000, syncMs: 1_200_000, rampMs: 600_000, bakeMs: 600_000 },
    ]);
  });

  it('drains an isolated zone into the other one', async () => {
    const fleet = bench.fresh().add('i-1', 60).add('i-2', 60);
    fleet.isolations = [{ kind: 'zone', place: 'us-east-1a', reason: 'failing', source: 'operator', sinceMs: 0, untilMs: null, workflowId: 'host/us-east-1a' }];
    const { top } = await bench.run({});
    expect(top.map(({ instanceId, kind, toPoolId }) => [instanceId, kind, toPoolId])).toEqual([['i-1', 'drain', 'us-east-1b'], ['i-2', 'drain', 'us-east-1b']]);
  });

  it('tells each fleet\'s queue what is newly predicted, and of which services another instance is unhealthy; nothing of what is in observe', async () => {
    const fleet = busyFleet().add('i-twin', 60, { 'foreshift:service': 'service-of-i-hot' }).add('i-bank', 95, { 'foreshift:fleet': 'bank' });
    fleet.groups = [{ name: 'shop-pool', members: [{ instanceId: 'i-twin', state: 'unhealthy' }, { instanceId: 'i-hot', state: 'healthy' }] }];
    await bench.run({ mode: 'act', modes: { 'service-of-i-fine': 'observe' } });
    expect(fleet.predicted.map((one) => [one.fleet, one.outlooks.map(({ instanceId, contended, serviceDisturbed }) => [instanceId, contended, serviceDisturbed])])).toEqual([
      ['bank', [['i-bank', true, false]]],
      ['shop', [['i-hot', true, true], ['i-idle', false, false], ['i-twin', false, false], ['i-vital', true, false]]],
    ]);
    expect(fleet.queued.map((one) => [one.fleet, one.requests.map(({ instanceId }) => instanceId)])).toEqual([['bank', ['i-bank']], ['shop', ['i-hot', 'i-vital', 'i-idle']]]);
    expect(fleet.plans.plans[0]?.plan.moves.find(({ instanceId }) => instanceId === 'i-hot')?.dependencies).toBe(1);
  });

  it('grows a burstable instance before its credits are expected to be spent', async () => {
    const fleet = bench.fresh().add('i-bursts', 60).add('i-rich', 60);
    const credits = (balance: number) => ({ balance, baselinePercent: 40 });
    fleet.credits = new Map([['i-bursts', credits(200)], ['i-rich', credits(1e6)]]);
    const { top } = await bench.run({});
    expect(top.map(({ instanceId, kind }) => [instanceId, kind])).toEqual([['i-bursts', 'grow']]);
  });

  it('moves into a dedicated host only what is on one, and into a reservation only its own fleet', async () => {
    const host = (capacityId: string, freeVcpus: number) => ({ kind: 'host' as const, capacityId, zone: 'us-east-1a', fleet: 'shop', totalVcpus: 32, freeVcpus, shapes: SHAPES.map(({ name }) => name) });
    const fleet = bench.fresh();
    fleet.add('i-hosted', 95).add('i-shared', 60);
    fleet.instances[0] = { ...(fleet.instances[0] as InstanceFacts), hostId: 'h-00000001' };
    fleet.owned = [host('h-00000001', 4), host('h-00000002', 28)];
    const { top } = await bench.run({ mode: 'act' });
    expect(top.map(({ instanceId, toShape, toPoolId }) => [instanceId, toShape, toPoolId])).toEqual([['i-hosted', 'm7i.2xlarge', 'h-00000002']]);
    expect(fleet.queued[0]?.requests.map(({ targetPool, zones }) => [targetPool, zones])).toEqual([['h-00000002', ['us-east-1a']]]);
    fleet.owned = [host('h-00000001', 4)];
    const { planId } = await bench.run({});
    expect(fleet.plans.plans.find((one) => one.planId === planId)?.plan.held[0]?.reason).toMatch(/no pool takes m7i.2xlarge: h-00000001: 4 of its vCPUs are not taken, m7i.2xlarge takes 8; us-east-1a: it is shared hardware/);
  });

  it('tells of a move whether it is still wanted when its turn comes', async () => {
    const fleet = busyFleet();
    const { planId } = await bench.run({ mode: 'act' });
    expect(await fleet.recheck(planId, 'i-hot')).toBeNull();
    fleet.percent.set('i-hot', 60);
    expect(await fleet.recheck(planId, 'i-hot')).toMatch(/a grow to m7i.2xlarge is no longer wanted/);
    fleet.percent.set('i-idle', 95);
    expect(await fleet.recheck(planId, 'i-idle')).toMatch(/it should grow instead/);
    expect(await fleet.recheck(planId, 'i-fine')).toBe(`${planId} has no move of i-fine`);
  });

  it('takes a move back, when its turn comes, whose service has lost what it was sent by; one that somebody approved stays', async () => {
    const fleet = busyFleet();
    fleet.earned.set('service-of-i-hot', { mode: 'act', change: 'stays', reasons: ['good'], missing: [] });
    const handle = await bench.begin({ mode: 'earned' });
    const { planHash } = await bench.proposed(handle);
    await handle.executeUpdate('approve', { args: [{ planHash, by: 'ada' }] });
    const { planId } = await handle.result();
    expect(await fleet.recheck(planId, 'i-hot')).toBeNull();
    fleet.earned.set('service-of-i-hot', { mode: 'propose', change: 'falls', reasons: ['migration/i-9 needed an operator'], missing: [] });
    expect(await fleet.recheck(planId, 'i-hot')).toBe('service-of-i-hot has earned propose now, and this move would have to be asked about: migration/i-9 needed an operator');
    expect(await fleet.recheck(planId, 'i-vital')).toBeNull();
  });

  it.each([
    [{ mode: 'go' }, /mode is "go"; expected one of "observe", "propose", "approve-risky", "act", "earned"/],
    [{ policy: { sizing: { overloadCostRatio: { standard: 'much' } } } }, /standard is "much"; expected a ratio from 1 to 10000/],
    [{ policy: { maxMove: 3 } }, /maxMove is not a field of policy; known fields: sizing/],
    [{ modes: { web: 'fast' } }, /modes is .*expected an object of at most 100 pools or services/],
    [{ fleets: 'shop' }, /fleets is not a field of shapeFleet/],
  ])('refuses %j with a sentence', async (input, sentence) => {
    expect((await failureOf(bench.run(input))).message).toMatch(sentence);
  });
});
