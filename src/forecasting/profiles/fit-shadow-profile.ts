import { createHash } from 'node:crypto';
import type { LoadMetric } from '../../domain/forecast';
import { BURST, burstLimit } from '../../domain/profiles/burst-prediction';
import { profileName, profileUnitOf, type ProfileBursts, type ShadowProfile } from '../../domain/profiles/shadow-profile';
import type { ProfileTags } from '../../domain/profiles/workload-tag';
import { STANDARD_LEVELS } from '../forecast-model';
import { checkSeries, type LoadSeries } from '../load-series';
import { medianOf, quantileOfSorted } from '../quantile-of-sorted';
import { fitProfileModel } from './fit-profile-model';
import type { HmmParameters } from './hmm/hmm-parameters';
import { fromScale, type LoadScale } from './load-scale';
import { profileModelToJson } from './model-as-json';
import type { OwnForecaster } from './own-forecaster';
import type { ProfileModel } from './profile-model';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LEVELS = STANDARD_LEVELS.length;

export interface FittedProfile {
  readonly profile: ShadowProfile;
  readonly model: ProfileModel;
}

export interface FitShadowProfileArgs {
  readonly tags: ProfileTags;
  readonly metric: LoadMetric;
  readonly reach: ShadowProfile['reach'];
  /** In the profile's unit. */
  readonly kin: readonly LoadSeries[];
  readonly own: OwnForecaster;
  readonly nowMs: number;
  readonly seed: number;
  /** The profile that this one refreshes: its states are gone on from, and its version counted on. */
  readonly before?: FittedProfile;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Fits the profile of a group of kin. Where the earlier one knew all of these values already, it is returned as it is.
 *
 * @throws RangeError without kin, InvalidSeriesError for a series that is none
 */
export async function fitShadowProfile({ tags, metric, reach, kin, own, nowMs, seed, before, onProgress }: FitShadowProfileArgs): Promise<FittedProfile> {
  if (kin.length === 0) throw new RangeError('kin: expected one series at least');
  checkSeries(kin);
  const sorted = kin.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const known = sorted.map((one) => ({ id: one.id, points: one.values.filter((value) => value !== null).length, lastAtMs: one.startAtMs + one.values.findLastIndex((value) => value !== null) * one.stepMs }));
  const sameAs = (other: ShadowProfile) => other.kin.length === known.length && known.every(({ id, lastAtMs }, i) => other.kin[i]?.id === id && other.kin[i]?.lastAtMs === lastAtMs);
  if (before !== undefined && sameAs(before.profile)) return before;
  const model = await fitProfileModel(sorted, { seed, own, ...(before === undefined ? {} : { before: before.model }), ...(onProgress === undefined ? {} : { onProgress }) });
  const { hmm, bands } = model.parts;
  const notes = kin.length < 3 ? [`only ${kin.length} kin: mixtures and widths are mostly assumed`] : [];
  const profile: ShadowProfile = {
    name: profileName(tags, metric),
    tags,
    metric,
    unit: profileUnitOf(metric),
    stepMs: model.stepMs,
    version: (before?.profile.version ?? 0) + 1,
    digest: createHash('sha256').update(profileModelToJson(model)).digest('hex'),
    trainedFromMs: Math.min(...sorted.map(({ startAtMs }) => startAtMs)),
    trainedToMs: Math.max(...known.map(({ lastAtMs }) => lastAtMs)),
    madeAtMs: nowMs,
    reach,
    kin: known,
    states: statesOf(hmm, model.scale),
    bands: { levels: STANDARD_LEVELS, quantiles: Array.from({ length: 24 }, (_, hour) => Array.from(bands.pooled.subarray(hour * LEVELS, (hour + 1) * LEVELS), (value) => fromScale(model.scale, value))) },
    bursts: burstsOf(sorted),
    notes,
  };
  return { profile, model };
}

/** States in the load's unit, rising; a deviation is half of what lies between one below and one above the mean on the profile's scale. */
function statesOf({ states, dayParts, means, deviations, initial, transitions }: HmmParameters, scale: LoadScale): ShadowProfile['states'] {
  const order = Array.from({ length: states }, (_, i) => i).sort((a, b) => (means[a] as number) - (means[b] as number));
  const at = (i: number, by: number) => fromScale(scale, (means[i] as number) + by * (deviations[i] as number));
  return {
    means: order.map((i) => at(i, 0)),
    deviations: order.map((i) => (at(i, 1) - at(i, -1)) / 2),
    shares: order.map((i) => initial[i] as number),
    transitions: Array.from({ length: dayParts }, (_, p) => order.map((i) => order.map((j) => transitions[(p * states + i) * states + j] as number))),
  };
}

function burstsOf(kin: readonly LoadSeries[]): ProfileBursts {
  const perHour = new Array<number>(24).fill(0);
  const sizes: number[] = [];
  const minutes: number[] = [];
  let days = 0;
  for (const { values, startAtMs, stepMs } of kin) {
    days += (values.filter((value) => value !== null).length * stepMs) / DAY_MS;
    for (let t = BURST.baseSteps; t < values.length; t++) {
      const level = medianOf(values.slice(t - BURST.baseSteps, t).filter((value) => value !== null));
      const limit = burstLimit(level);
      if ((values[t] ?? -Infinity) < limit) continue;
      const began = t;
      let top = level;
      for (; t < values.length && (values[t] ?? -Infinity) >= limit; t++) top = Math.max(top, values[t] as number);
      const hour = Math.floor(((((startAtMs + began * stepMs) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
      perHour[hour] = (perHour[hour] as number) + 1;
      sizes.push(top - level);
      minutes.push(((t - began) * stepMs) / 60_000);
    }
  }
  const sorted = Float64Array.from(sizes).sort();
  const share = Math.max(1e-9, days);
  return { perDay: sizes.length / share, perHour: perHour.map((count) => count / share), sizes: sizes.length === 0 ? [] : STANDARD_LEVELS.map((level) => quantileOfSorted(sorted, level)), typicalMinutes: minutes.length === 0 ? null : medianOf(minutes) };
}
