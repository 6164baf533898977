import type { InstanceFacts } from '../../src/activities/compute-port';
import { forecastLocality, type LocalityPorts } from '../../src/cli/forecast/locality/forecast-locality';
import { localityName } from '../../src/cli/forecast/locality/locality-name';
import { describeForecast } from '../../src/cli/forecast/single/describe-forecast';
import { UTC } from '../../src/cli/forecast/single/time-zone';
import { forecastCommand } from '../../src/cli/commands/forecast';
import { answerRequests } from '../../src/forecasting/answer-requests';
import { createForecaster } from '../../src/workers/forecaster';
import { shape } from '../workflows/fixtures';

const NOW = Date.UTC(2026, 0, 20, 12, 2);
const MEMBERS = [
  { instanceId: 'i-1', service: 'web', zone: 'us-east-1a' },
  { instanceId: 'i-2', service: 'web', zone: 'us-east-1b' },
  { instanceId: 'i-new', service: 'web', zone: 'us-east-1b' },
  { instanceId: 'i-4', service: 'api', zone: 'us-east-1a' },
];

const ports: LocalityPorts = {
  compute: {
    listTagged: async () => MEMBERS.map(({ instanceId, service, zone }) => ({ instanceId, zone, shape: 'm7i.xlarge', tags: { 'foreshift:service': service } }) as unknown as InstanceFacts),
    shape: async (name) => shape(name, 4, 0.2),
  },
  metrics: {
    // The new instance has published for an hour; nobody publishes memory.
    loadSeries: async (ids, { startAtMs, endAtMs, stepMs }) =>
      ids.map((instanceId) => {
        const length = (endAtMs - startAtMs) / stepMs;
        const first = instanceId === 'i-new' ? length - 12 : 0;
        return { instanceId, metric: 'cpuPercent' as const, startAtMs, stepMs, values: Array.from({ length }, (_, i) => (i < first ? null : 40 + 10 * Math.sin((2 * Math.PI * i) / 288) + ((i * 7919) % 13) / 6)) };
      }),
  },
  forecaster: createForecaster({ forecast: answerRequests }, { tier: 'fast' }),
};
const ask = (locality: string, metric: 'cpuPercent' | 'memoryPercent' = 'cpuPercent') => forecastLocality(ports, { locality, metric, horizonMs: 1_800_000, limit: 10, nowMs: NOW });

describe('foreshift forecast --pool, --zone, --region', () => {
  it('sums a pool in vCPUs, with its past, and says which instance counts as the pool does', async () => {
    const report = await ask('pool/web');
    expect(report).toMatchObject({ title: 'pool/web cpuPercent', unit: 'vcpus', answer: { model: 'sum', quantiles: { length: 6 } } });
    expect(report.answer.notes).toEqual(expect.arrayContaining(['the sum of 3 instances', expect.stringMatching(/for too little past of their own: i-new$/)]));
    const last = report.history.values.at(-1) as number;
    expect(report.history.values).toHaveLength(14 * 288);
    expect(Math.abs((report.answer.mean[0] as number) - last)).toBeLessThan(0.5);
    expect(describeForecast(report, UTC)).toMatch(/^pool\/web cpuPercent: 30 min from 2026-01-20 11:55 UTC, 6 steps of 5 min$/m);
    expect(describeForecast(report, UTC)).toMatch(/^limit 10\.0 vCPU: passed with probability/m);
  });

  it('lets a new instance borrow from siblings in another zone', async () => {
    const notes = (await ask('zone/us-east-1b')).answer.notes.join();
    expect(notes).toContain('the sum of 2 instances');
    expect(notes).toContain('i-new');
  });

  it('is coherent: a region expects what its zones do together', async () => {
    const [region, a, b] = await Promise.all(['region/us-east-1', 'zone/us-east-1a', 'zone/us-east-1b'].map((one) => ask(one)));
    region?.answer.mean.forEach((mean, h) => expect(mean).toBeCloseTo((a?.answer.mean[h] as number) + (b?.answer.mean[h] as number), 9));
  });

  it('names what there is where nothing is by that name, and a metric that nobody publishes', async () => {
    await expect(ask('pool/wbe')).rejects.toThrow('pool/wbe: no running instance with the tag foreshift:fleet is there; expected one of api, web');
    await expect(ask('zone/us-east-1a', 'memoryPercent')).rejects.toThrow('zone/us-east-1a: none of its 2 instances published memoryPercent in the last 14 days');
  });

  it.each([
    [['--pool', 'web', '--zone', 'us-east-1a'], 'expected one of --pool and --zone'],
    [['--pool', ' '], '--pool: expected a name'],
    [['--pool', 'web', '--csv', 'load.csv'], 'expected one of an instance id, --csv FILE, --pool'],
    [['--pool', 'web', '--step', '1m'], '--step: expected only of an instance or a file'],
    [['--region', 'us-east-1', '--events', 'jobs.json'], '--events: expected only of an instance or a file'],
  ])('refuses %j', async (args, message) => {
    await expect(forecastCommand().exitOverride().parseAsync(args, { from: 'user' })).rejects.toThrow(message);
  });

  it('is of one locality or of none', () => {
    expect(localityName({ pool: 'web' })).toBe('pool/web');
    expect(localityName({})).toBeNull();
  });
});
