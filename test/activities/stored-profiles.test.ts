import { createScaleActivities } from '../../src/activities/scale-activities';
import { createStoredProfiles } from '../../src/activities/stored-profiles';
import type { WeighWorkloadArgs } from '../../src/contracts/scale-workload';
import { createRandomStream, nextNormal } from '../../src/domain/seeded-random';
import { INITIAL_SCALING_MEMORY } from '../../src/domain/workload-scaling/scaling-look';
import { DEFAULT_SCALING_POLICY } from '../../src/domain/workload-scaling/scaling-policy';
import { modelNamed } from '../../src/forecasting/forecast-request';
import type { LoadSeries } from '../../src/forecasting/load-series';
import { fitShadowProfile, type FittedProfile } from '../../src/forecasting/profiles/fit-shadow-profile';
import { createOwnForecaster } from '../../src/forecasting/profiles/own-forecaster';
import { portOf } from './fake-ports';

const STEP_MS = 300_000;
const DAY = 288;
const T0 = Date.UTC(2026, 0, 5);
const own = createOwnForecaster(modelNamed('gate'), 1);

/** Load of 25 percent, of 95 from 12 to 14 o'clock. */
function load(atMs: number): number {
  const hour = new Date(atMs).getUTCHours();
  return hour === 12 || hour === 13 ? 95 : 25;
}

function kinOf(seed: number): LoadSeries {
  const random = createRandomStream(seed);
  return { id: `i-${seed}`, startAtMs: T0, stepMs: STEP_MS, values: Array.from({ length: 2 * DAY }, (_, t) => Math.min(100, load(T0 + t * STEP_MS) + nextNormal(random))), bounds: { lower: 0, upper: 100 } };
}

describe('a workload and the profile of its kin', () => {
  let fitted: FittedProfile;
  beforeAll(async () => {
    fitted = await fitShadowProfile({ tags: { app: 'web' }, metric: 'cpuPercent', reach: 'tags', kin: [1, 2, 3].map(kinOf), own, nowMs: 0, seed: 1 });
  });

  const argsAt = (nowMs: number, tag = 'app=web'): WeighWorkloadArgs => ({ owner: { workflowId: `workload/${tag}`, runId: 'r' }, tag, by: { kind: 'group', autoScalingGroup: 'web-asg' }, metric: 'cpuPercent', policy: { ...DEFAULT_SCALING_POLICY, leadMs: 30 * 60_000 }, calendar: null, baseShape: null, memory: INITIAL_SCALING_MEMORY, nowMs });
  const weigh = (args: WeighWorkloadArgs, kept: string | null) =>
    createScaleActivities({
      compute: portOf({}),
      members: { membersOf: async () => ['i-new'] },
      metrics: { loadSeries: async ([instanceId = ''], { startAtMs, endAtMs, stepMs }) => [{ instanceId, metric: 'cpuPercent', startAtMs, stepMs, values: Array.from({ length: (endAtMs - startAtMs) / stepMs }, (_, i) => load(startAtMs + i * stepMs)) }] },
      profiles: createStoredProfiles({ latest: async (name) => (name === kept ? fitted : null) }, own),
      lookAtGroup: async ({ group }) => ({ group, desired: 2, room: 4, inService: 2, own: 0, zones: [], shape: 'm7i.large', vcpus: 2, memoryMiB: 8_192, usdPerHour: 0.1, warm: null }),
    }).weighWorkload(args);

  it('is prepared for the burst of its kin before it comes, and holds in the quiet hours', async () => {
    expect(await weigh(argsAt(T0 + 3 * DAY * STEP_MS + 3 * 3_600_000), 'cpuPercent app=web')).toMatchObject({ decision: { kind: 'hold' }, usePercent: 25, notes: [] });
    expect(await weigh(argsAt(T0 + 3 * DAY * STEP_MS + 11.75 * 3_600_000), 'cpuPercent app=web')).toMatchObject({ decision: { kind: 'raise', cause: 'burst' }, usePercent: 25, present: '2 members', target: '3 members' });
  });

  it('has the fleet stand in where its tags have no profile, and the limit where there is none at all, and says so', async () => {
    expect(await weigh(argsAt(T0, 'app=new'), 'cpuPercent (fleet)')).toMatchObject({ notes: [expect.stringMatching(/that of the whole fleet stands in/)] });
    expect(await weigh(argsAt(T0, 'app=new'), null)).toMatchObject({ notes: [expect.stringMatching(/there is no profile of app=new: the limit of 80 % stands in/)] });
  });
});
