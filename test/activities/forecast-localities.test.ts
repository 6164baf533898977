import { forecastLocalities } from '../../src/activities/forecast-localities';
import { createRandomStream, nextNormal } from '../../src/domain/seeded-random';
import { answerRequests } from '../../src/forecasting/answer-requests';
import { createForecaster } from '../../src/workers/forecaster';
import { shape } from '../workflows/fixtures';

const NOW = Date.UTC(2026, 0, 20, 12, 2);

function loadOf(seed: number, length: number): (number | null)[] {
  const random = createRandomStream(seed);
  return Array.from({ length }, (_, i) => 40 + 10 * Math.sin((2 * Math.PI * i) / 288) + 2 * nextNormal(random));
}

describe('the forecast of localities', () => {
  const member = (instanceId: string, service: string, zone: string) => ({ instanceId, service, shape: 'm7i.xlarge', zone });
  const members = [member('i-1', 'web', 'us-east-1a'), member('i-2', 'web', 'us-east-1b'), member('i-3', 'web', 'us-east-1b'), member('i-4', 'api', 'us-east-1a')];
  const forecast = () =>
    forecastLocalities(
      {
        compute: { shape: async (name) => shape(name, 4, 0.2) },
        metrics: {
          // i-3 publishes nothing yet, i-4 is alone in its pool.
          loadSeries: async (ids, { startAtMs, endAtMs, stepMs }) =>
            ids.filter((id) => id !== 'i-3').map((instanceId, s) => ({ instanceId, metric: 'cpuPercent' as const, startAtMs, stepMs, values: loadOf(s, (endAtMs - startAtMs) / stepMs) })),
        },
        forecaster: createForecaster({ forecast: answerRequests }),
        models: { champions: async () => [] },
        calibrations: { read: async () => [] },
        now: () => NOW,
      },
      { members, horizonMs: 1_800_000 },
    );

  it('sums CPU in vCPUs over pools, zones and regions, each member in all of its own, and names those that borrow', async () => {
    const sums = await forecast();
    const named = new Map(sums.map((one) => [one.forecast.subject.kind === 'locality' ? one.forecast.subject.locality : '', one]));
    expect([...named.keys()]).toEqual(['pool/web', 'zone/us-east-1a', 'region/us-east-1', 'zone/us-east-1b', 'pool/api']);
    expect(named.get('pool/web')).toMatchObject({ children: 3, borrowed: ['i-3'], missing: [], forecast: { metric: 'cpuPercent', unit: 'vcpus', origin: { model: 'sum' } } });
    const meanOf = (name: string) => named.get(name)?.forecast.mean[3] as number;
    expect(meanOf('region/us-east-1')).toBeCloseTo(meanOf('pool/web') + meanOf('pool/api'), 9);
    expect(meanOf('region/us-east-1')).toBeCloseTo(meanOf('zone/us-east-1a') + meanOf('zone/us-east-1b'), 9);
    expect(meanOf('region/us-east-1')).toBeGreaterThan(4 * 4 * 0.25);
    expect(meanOf('region/us-east-1')).toBeLessThan(4 * 4 * 0.55);
  });

  it('is the same again, digest included', async () => {
    expect(await forecast()).toEqual(await forecast());
  });
});
