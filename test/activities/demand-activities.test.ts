import type { ComputePort, InstanceFacts } from '../../src/activities/compute-port';
import { createDemandActivities } from '../../src/activities/demand-activities';
import type { OwnedCapacity } from '../../src/domain/owned-capacity';
import { answerRequests } from '../../src/forecasting/answer-requests';
import { createForecaster } from '../../src/workers/forecaster';
import { shape } from '../workflows/fixtures';
import { FACTS, expectFailure, portOf } from './fake-ports';

const NOW = Date.UTC(2026, 0, 20, 12, 2);
const HOUR_MS = 3_600_000;
const instance = (instanceId: string, zone: string, tags: Record<string, string>): InstanceFacts => ({ ...FACTS, instanceId, zone, shape: 'm7i.xlarge', tags });
/** Two of `web` at a steady 50 % of 4 vCPUs, and one that was launched just now. */
const FLEET = [instance('i-1', 'us-east-1a', { 'foreshift:service': 'web', 'foreshift:fleet': 'shop' }), instance('i-2', 'us-east-1b', { Service: 'web' }), instance('i-new', 'us-east-1b', { 'foreshift:service': 'web' }), instance('i-4', 'us-east-1a', { 'foreshift:service': 'api', Name: 'web' })];

function activities(owned: readonly OwnedCapacity[] = [], fleet: readonly InstanceFacts[] = FLEET, withoutHistory: readonly string[] = ['i-new']) {
  return createDemandActivities({
    compute: portOf<ComputePort>({ shape: async (name) => shape(name, 4, 0.2), listTagged: async (tag, value) => fleet.filter(({ tags }) => tags[tag] === value) }),
    metrics: {
      loadSeries: async (ids, { startAtMs, endAtMs, stepMs }) =>
        ids.filter((id) => !withoutHistory.includes(id)).map((instanceId) => ({ instanceId, metric: 'cpuPercent' as const, startAtMs, stepMs, values: Array.from({ length: (endAtMs - startAtMs) / stepMs }, (_, i) => 50 + (i % 2)) })),
    },
    forecaster: createForecaster({ forecast: answerRequests }),
    models: { champions: async () => [] },
    calibrations: { read: async () => [] },
    owned: { list: async () => owned },
    now: () => NOW,
  });
}

describe('the demand of a service', () => {
  it('is what its instances with a history need together; who has none has capacity and brings no demand', async () => {
    const demand = await activities().forecastDemand({ service: 'web', zones: null, horizonMs: HOUR_MS, quantile: 0.9 });
    expect(demand).toMatchObject({ instances: 3, allocated: { vcpus: 12 }, instancesByZone: { 'us-east-1a': 1, 'us-east-1b': 2 } });
    expect(demand.usdPerHour).toBeCloseTo(0.6);
    expect(demand.average.vcpus).toBeCloseTo(4, 0);
    expect(demand.peak.vcpus).toBeGreaterThanOrEqual(demand.average.vcpus);
    expect(demand.peak.vcpus).toBeLessThan(5);
    expect(demand.forecasts.join()).toMatch(/memory is not published/);
  });

  it('is refused where the service has nothing there, with what to give instead', async () => {
    await expectFailure(activities().forecastDemand({ service: 'web', zones: ['us-east-1c'], horizonMs: HOUR_MS, quantile: 0.9 }), 'NotFound', /"web" has no running instance in us-east-1c.*expected demand/);
  });
});

describe('what a service lacks in a window', () => {
  const window = { service: 'web', zones: ['us-east-1a'], fromMs: NOW, untilMs: NOW + HOUR_MS, quantile: 0.9, targetUtilizationRatio: 0.25 };

  it('is the upper quantile beyond what may be used of what it has', async () => {
    const need = await activities().forecastWindow(window);
    expect(need.needFromMs).toBe(NOW);
    expect(need.shortfall.vcpus).toBeGreaterThan(0.9);
    expect(need.shortfall.vcpus).toBeLessThan(1.5);
  });

  it("is less by what an operator's own reservations hold free there for its fleet", async () => {
    const own = (fleet: string, zone: string): OwnedCapacity => ({ kind: 'reservation', capacityId: `cr-${fleet}`, zone, fleet, totalVcpus: 8, freeVcpus: 8, shapes: ['m7i.xlarge'] });
    expect(await activities([own('shop', 'us-east-1a')]).forecastWindow(window)).toMatchObject({ needFromMs: null, why: expect.arrayContaining([expect.stringMatching(/8 vCPUs free for its fleet \(cr-shop\)/)]) });
    expect((await activities([own('bank', 'us-east-1a'), own('shop', 'us-east-1b')]).forecastWindow(window)).needFromMs).toBe(NOW);
  });

  it('does not count as there what runs for the hold alone: else a hold would end itself as soon as it serves', async () => {
    const before = await activities().forecastWindow({ ...window, zones: null });
    const launched: InstanceFacts[] = [
      { ...instance('i-own', 'us-east-1a', { 'foreshift:service': 'web', 'foreshift:owner': 'capacity/web/w' }), launchedAtMs: NOW },
      { ...instance('i-of-group', 'us-east-1a', { 'foreshift:service': 'web', 'aws:autoscaling:groupName': 'web-asg' }), launchedAtMs: NOW },
      { ...instance('i-older-of-group', 'us-east-1a', { 'foreshift:service': 'web', 'aws:autoscaling:groupName': 'web-asg' }), launchedAtMs: NOW - HOUR_MS },
    ];
    const own = (count: number) => ({ owner: { workflowId: 'capacity/web/w', runId: 'r' }, group: { name: 'web-asg', count } });
    const after = (count: number) => activities([], [...FLEET, ...launched], ['i-new', 'i-own', 'i-of-group', 'i-older-of-group']).forecastWindow({ ...window, zones: null, own: own(count) });
    expect((await after(2)).shortfall.vcpus).toBeCloseTo(before.shortfall.vcpus, 5);
    expect((await after(2)).why.join()).toMatch(/12 of its vCPUs run for this hold alone/);
    expect((await after(1)).shortfall.vcpus).toBeCloseTo(before.shortfall.vcpus - 1, 5);
  });

  it('is not known for a window beyond the forecast', async () => {
    const need = await activities().forecastWindow({ ...window, fromMs: NOW + 48 * HOUR_MS, untilMs: NOW + 50 * HOUR_MS });
    expect(need).toMatchObject({ needFromMs: null, why: expect.arrayContaining([expect.stringMatching(/beyond the 24 h that are forecast/)]) });
  });
});
