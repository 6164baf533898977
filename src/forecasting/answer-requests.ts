import { createHash } from 'node:crypto';
import { STANDARD_LEVELS, type FittedModel } from './forecast-model';
import { modelNamed, type ForecastAnswer, type ForecastRequest } from './forecast-request';
import { withoutLeadingGap, type LoadSeries } from './load-series';
import { learnsAcrossSeries } from './model-names';
import { modelOfTier } from './tiers';
import { poolWithProfile } from './pool-with-profile';
import { widenPrediction } from './widen-prediction';

/**
 * Fits and predicts in this very thread: requests of one model, seed, horizon and levels in one batch, answers in the order of the requests.
 *
 * @throws InvalidSeriesError whose index counts within the request's batch, and RangeError, as the models do
 */
export async function answerRequests(requests: readonly ForecastRequest[]): Promise<ForecastAnswer[]> {
  const answers: ForecastAnswer[] = new Array<ForecastAnswer>(requests.length);
  const groups = new Map<string, number[]>();
  requests.forEach(({ model, tier, settings, seed, horizonSteps, levels, profileWeight }, i) => {
    const key = JSON.stringify([model, tier, settings, seed, horizonSteps, levels, profileWeight]);
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  for (const members of groups.values()) {
    const { tier = 'balanced', model = modelOfTier(tier), settings, seed = 1, horizonSteps, levels = STANDARD_LEVELS, profileWeight = 0 } = requests[members[0] as number] as ForecastRequest;
    const series = members.map((i) => withoutLeadingGap((requests[i] as ForecastRequest).series));
    const fitted: FittedModel = await modelNamed(model).fit(series, { seed, ...(settings === undefined ? {} : { settings }) });
    const { version } = modelNamed(model);
    fitted.predict(horizonSteps, levels).forEach((unwidened, k) => {
      const widened = settings === undefined ? unwidened : widenPrediction(unwidened, settings, series[k]?.bounds ?? {});
      const prediction = profileWeight === 0 ? widened : poolWithProfile(widened, series[k] as LoadSeries, profileWeight);
      // Of the request alone, not of the state: how requests were shared out over threads must not show in an answer.
      const made = [model, version, seed, horizonSteps, levels, series[k], ...(settings === undefined ? [] : [settings]), ...(profileWeight === 0 ? [] : [profileWeight]), ...(learnsAcrossSeries(model) ? [fitted.state.digest] : [])];
      const digest = createHash('sha256').update(JSON.stringify(made)).digest('hex');
      answers[members[k] as number] = { ...prediction, model, version, digest };
    });
  }
  return answers;
}
