import type { ProfileStore } from '../../activities/profile-port';
import type { ShadowProfile } from '../../domain/profiles/shadow-profile';
import { profileModelFromJson, profileModelToJson } from '../../forecasting/profiles/model-as-json';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

const CANNOT_READ = 'the shadow profiles cannot be read';

/** Shadow profiles in Postgres; see profile-schema.ts. */
export function createProfileStore(db: Database): ProfileStore {
  return {
    list: () =>
      whileReachable(CANNOT_READ, async () => {
        const rows = await db.selectFrom('shadow_profile').select('profile').distinctOn('name').orderBy('name').orderBy('version', 'desc').execute();
        return rows.map(({ profile }) => JSON.parse(profile) as ShadowProfile);
      }),
    latest: (name) =>
      whileReachable(CANNOT_READ, async () => {
        const row = await db.selectFrom('shadow_profile').select(['profile', 'model']).where('name', '=', name).orderBy('version', 'desc').limit(1).executeTakeFirst();
        return row === undefined ? null : { profile: JSON.parse(row.profile) as ShadowProfile, model: profileModelFromJson(row.model) };
      }),
    save: ({ profile, model }) =>
      whileReachable('the shadow profile cannot be written', async () => {
        const { name, version, madeAtMs, digest } = profile;
        const row = { name, version, made_at_ms: String(madeAtMs), digest, profile: JSON.stringify(profile), model: profileModelToJson(model) };
        await db.insertInto('shadow_profile').values(row).onConflict((conflict) => conflict.columns(['name', 'version']).doNothing()).execute();
      }),
  };
}
