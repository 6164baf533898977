import { modelNamed } from '../../../src/forecasting/forecast-request';
import type { LoadSeries } from '../../../src/forecasting/load-series';
import { fitShadowProfile, type FittedProfile } from '../../../src/forecasting/profiles/fit-shadow-profile';
import { profileModelFromJson, profileModelToJson } from '../../../src/forecasting/profiles/model-as-json';
import { createOwnForecaster } from '../../../src/forecasting/profiles/own-forecaster';
import { predictBurst } from '../../../src/forecasting/profiles/predict-burst';
import { predictByProfile } from '../../../src/forecasting/profiles/predict-by-profile';
import { createRandomStream, nextNormal } from '../../../src/domain/seeded-random';

const STEP_MS = 300_000;
const DAY = 288;
const own = createOwnForecaster(modelNamed('gate'), 1);

/** Load of 20 percent, of 60 from 12 to 14 o'clock, with noise, and a level of its own. */
function workload(id: string, seed: number, steps: number, from = 0): LoadSeries {
  const random = createRandomStream(seed);
  const level = 1 + 0.2 * nextNormal(random);
  const values = Array.from({ length: steps }, (_, t) => Math.max(0, level * ((from + t) % DAY >= 144 && (from + t) % DAY < 168 ? 60 : 20) + nextNormal(random)));
  return { id, startAtMs: from * STEP_MS, stepMs: STEP_MS, values, bounds: { lower: 0, upper: 100 } };
}

describe('a shadow profile', () => {
  const kin = Array.from({ length: 3 }, (_, i) => workload(`i-${i}`, i + 1, 2 * DAY));
  let fitted: FittedProfile;
  beforeAll(async () => {
    fitted = await fitShadowProfile({ tags: { app: 'web' }, metric: 'cpuPercent', reach: 'tags', kin, own, nowMs: 0, seed: 1 });
  });

  it('says what kin do by hour, which states they know and when they burst', () => {
    const { profile } = fitted;
    expect(profile.name).toBe('cpuPercent app=web');
    expect(profile.bands.quantiles[13]?.[9]).toBeGreaterThan(40);
    expect(profile.bands.quantiles[3]?.[9]).toBeLessThan(30);
    expect(profile.bursts.perDay).toBeGreaterThan(0.5);
    expect(profile.bursts.perHour.indexOf(Math.max(...profile.bursts.perHour))).toBe(12);
    expect(profile.states.means).toEqual(profile.states.means.toSorted((a, b) => a - b));
  });

  it('forecasts a workload without history at the level of its kin, and the midday rise that it never showed', async () => {
    const { quantiles, ownWeight } = await predictByProfile(fitted.model, { ...workload('new', 99, 0, 3 * DAY + 140), values: [] }, 24, own);
    expect(ownWeight).toBe(0);
    expect(quantiles[20]?.[9]).toBeGreaterThan((quantiles[0]?.[9] as number) + 15);
    for (const row of quantiles) expect(row).toEqual(row.toSorted((a, b) => a - b));
  });

  it('trusts the own history the more the longer it is, and it alone from two days on', async () => {
    const shares = [];
    for (const points of [1, 24, 144, 600]) shares.push((await predictByProfile(fitted.model, workload('new', 99, points), 6, own)).ownWeight);
    expect(shares.at(-1)).toBe(1);
    expect(shares[0]).toBeLessThan(1);
  });

  it('sees a burst more likely before noon than at night', async () => {
    const noon = await predictBurst(fitted, workload('new', 99, 42, 3 * DAY + 100), 60, own);
    const night = await predictBurst(fitted, workload('new', 99, 42, 3 * DAY), 60, own);
    expect(noon.probability).toBeGreaterThan(2 * night.probability);
    expect(noon.sizePercent.at(-1)).toBeGreaterThan(30);
    expect(noon.reason).toContain('kin and 42 own points');
    await expect(predictBurst(fitted, workload('new', 99, 42), 1, own)).rejects.toThrow('withinMinutes: expected 5 or more');
  });

  it('stays as it is without new values, and goes on from its states with them', async () => {
    const args = { tags: { app: 'web' }, metric: 'cpuPercent' as const, reach: 'tags' as const, own, nowMs: 1, seed: 1, before: fitted };
    expect(await fitShadowProfile({ ...args, kin })).toBe(fitted);
    const more = await fitShadowProfile({ ...args, kin: [...kin, workload('i-9', 9, 2 * DAY)] });
    expect(more.profile.version).toBe(2);
    expect(more.profile.kin.map(({ id }) => id)).toEqual(['i-0', 'i-1', 'i-2', 'i-9']);
    expect(more.model.parts.hmm.states).toBe(fitted.model.parts.hmm.states);
  });

  it('comes back from its text the same, and refuses a group without kin', async () => {
    expect(profileModelFromJson(profileModelToJson(fitted.model))).toEqual(fitted.model);
    await expect(fitShadowProfile({ tags: {}, metric: 'cpuPercent', reach: 'fleet', kin: [], own, nowMs: 0, seed: 1 })).rejects.toThrow('kin: expected one series at least');
  });
});
