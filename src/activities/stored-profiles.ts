import { boundsOf } from '../domain/forecast';
import { profileName } from '../domain/profiles/shadow-profile';
import { quantileAt } from '../domain/quantile-function';
import type { FittedProfile } from '../forecasting/profiles/fit-shadow-profile';
import type { OwnForecaster } from '../forecasting/profiles/own-forecaster';
import { predictBurst } from '../forecasting/profiles/predict-burst';
import type { ProfileStore } from './profile-port';
import type { ProfileQuestion, WorkloadProfilePort } from './workload-profile-port';

const MIDDLE = 0.5;

/** What the kept profiles say; where there is none of the tags, that of the whole fleet, and it is said. */
export function createStoredProfiles(store: Pick<ProfileStore, 'latest'>, own: OwnForecaster): WorkloadProfilePort {
  const find = async ({ tags, metric }: ProfileQuestion): Promise<FittedProfile | null> => (await store.latest(profileName(tags, metric))) ?? (await store.latest(profileName({}, metric)));
  return {
    async bandNow(question) {
      const found = await find(question);
      const values = found?.profile.bands.quantiles[new Date(question.nowMs).getUTCHours()];
      if (found === null || values === undefined) return null;
      const { name, version, bands, bursts, notes, reach } = found.profile;
      const use = { levels: bands.levels, values };
      const standsIn = name !== profileName(question.tags, question.metric) || reach === 'fleet';
      return {
        profile: `${name} ${version}`,
        use,
        typicalBurstMinutes: bursts.typicalMinutes,
        notes: [...(standsIn ? [`there is no profile of these tags: that of the whole fleet stands in, with a median of ${quantileAt(use, MIDDLE).toFixed(1)} % at this hour`] : []), ...notes],
      };
    },
    async predictBurst(question) {
      const found = await find(question);
      if (found === null) return null;
      const { recent, metric, withinMinutes } = question;
      return predictBurst(found, { id: found.profile.name, ...recent, bounds: boundsOf(metric) }, withinMinutes, own);
    },
  };
}
