import type { Database } from '../../../src/adapters/postgres/database';
import { createProfileStore } from '../../../src/adapters/postgres/profile-store';
import { describeProfile, describeProfiles } from '../../../src/cli/profiles/describe-profile';
import { drawInTerminal } from '../../../src/cli/forecast/plot/draw-in-terminal';
import { UTC } from '../../../src/cli/forecast/single/time-zone';
import { addTag } from '../../../src/cli/profiles/parse-tags';
import { profileReport } from '../../../src/cli/profiles/profile-report';
import { modelNamed } from '../../../src/forecasting/forecast-request';
import { fitShadowProfile } from '../../../src/forecasting/profiles/fit-shadow-profile';
import { createOwnForecaster } from '../../../src/forecasting/profiles/own-forecaster';
import { withDatabase } from './embedded-database';

const STEP_MS = 300_000;

describe('shadow profiles in Postgres', () => {
  let db: Database;
  withDatabase((opened) => {
    db = opened;
  });

  it('come back as they were saved, the latest version of each, once per version, and can be told and drawn', async () => {
    const store = createProfileStore(db);
    const own = createOwnForecaster(modelNamed('gate'), 1);
    const values = Array.from({ length: 300 }, (_, t) => 20 + 10 * Math.sin(t / 20));
    const kin = [{ id: 'i-1', startAtMs: 0, stepMs: STEP_MS, values, bounds: { lower: 0, upper: 100 } }];
    const fitted = await fitShadowProfile({ tags: { app: 'web' }, metric: 'cpuPercent', reach: 'tags', kin, own, nowMs: 0, seed: 1 });
    const { profile, model } = fitted;
    const second = { model, profile: { ...profile, version: 2 } };
    for (const one of [fitted, second, { model, profile: { ...profile, version: 2, digest: 'other' } }]) await store.save(one);
    expect(await store.latest(profile.name)).toEqual(second);
    expect(await store.list()).toEqual([second.profile]);
    expect(await store.latest('cpuPercent app=db')).toBeNull();
    expect(describeProfiles([profile])).toContain('cpuPercent app=web');
    expect(describeProfile(profile)).toContain('note: only 1 kin');
    expect(drawInTerminal(profileReport(profile), UTC, { columns: 80, colors: false })).toContain('90 %');
  });

  it('are named by tags that are plainly given', () => {
    expect(addTag('tier=front', { app: 'web' })).toEqual({ app: 'web', tier: 'front' });
    expect(() => addTag('app')).toThrow('expected key=value');
    expect(() => addTag('app=db', { app: 'web' })).toThrow('given twice');
  });
});
