import { createHash } from 'node:crypto';
import { STANDARD_LEVELS, type FitOptions, type SeriesPrediction } from './forecast-model';
import { modelNamed, type ForecastAnswer, type ForecastRequest } from './forecast-request';
import type { KeptModels } from './kept-models';
import { withoutLeadingGap, type LoadSeries } from './load-series';
import { isWorthKeeping, learnsAcrossSeries, type ModelName } from './model-names';
import { modelOfTier } from './tiers';
import { poolWithProfile } from './pool-with-profile';
import { widenPrediction } from './widen-prediction';
import { hasNoInputs } from './with-known-effects';

/** A prediction and what the model had seen for it, for the digest. */
interface Made {
  readonly prediction: SeriesPrediction;
  readonly seen: unknown;
}

/** What requests of one batch share. */
interface Batch {
  readonly model: ModelName;
  readonly options: FitOptions;
  readonly horizonSteps: number;
  readonly levels: readonly number[];
}

/**
 * Fits and predicts in this very thread: requests of one model, seed, horizon and levels in one batch, answers in the order of the requests.
 *
 * @param keptModels the models of earlier calls, which this one goes on with; left out: all are fitted anew
 * @throws InvalidSeriesError whose index counts within the request's batch, and RangeError, as the models do
 */
export async function answerRequests(requests: readonly ForecastRequest[], keptModels?: KeptModels): Promise<ForecastAnswer[]> {
  const answers: ForecastAnswer[] = new Array<ForecastAnswer>(requests.length);
  const groups = new Map<string, number[]>();
  requests.forEach(({ model, tier, settings, seed, horizonSteps, levels, profileWeight }, i) => {
    const key = JSON.stringify([model, tier, settings, seed, horizonSteps, levels, profileWeight]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  });
  for (const members of groups.values()) {
    const { tier = 'balanced', model = modelOfTier(tier), settings, seed = 1, horizonSteps, levels = STANDARD_LEVELS, profileWeight = 0 } = requests[members[0] as number] as ForecastRequest;
    const series = members.map((i) => withoutLeadingGap((requests[i] as ForecastRequest).series));
    const { version } = modelNamed(model);
    const batch = { model, options: { seed, ...(settings === undefined ? {} : { settings }) }, horizonSteps, levels };
    const goesOn = keptModels !== undefined && isWorthKeeping(model) && series.every(hasNoInputs);
    const made = goesOn ? await predictByKept(keptModels, series, batch) : await predictAnew(series, batch);
    made.forEach(({ prediction: unwidened, seen }, k) => {
      const widened = settings === undefined ? unwidened : widenPrediction(unwidened, settings, series[k]?.bounds ?? {});
      const prediction = profileWeight === 0 ? widened : poolWithProfile(widened, series[k] as LoadSeries, profileWeight);
      const digest = createHash('sha256').update(JSON.stringify([model, version, seed, horizonSteps, levels, settings, profileWeight, seen])).digest('hex');
      answers[members[k] as number] = { ...prediction, model, version, digest };
    });
  }
  return answers;
}

async function predictAnew(series: readonly LoadSeries[], { model, options, horizonSteps, levels }: Batch): Promise<Made[]> {
  const fitted = await modelNamed(model).fit(series, options);
  // Of the series alone, not of the state: how requests were shared out over threads must not show in an answer.
  return fitted.predict(horizonSteps, levels).map((prediction, k) => ({ prediction, seen: learnsAcrossSeries(model) ? [series[k], fitted.state.digest] : series[k] }));
}

async function predictByKept(keptModels: KeptModels, series: readonly LoadSeries[], { model, options, horizonSteps, levels }: Batch): Promise<Made[]> {
  const made: Made[] = [];
  for (const one of series) {
    const { fitted, digest } = await keptModels.modelOf(modelNamed(model), one, options);
    for (const prediction of fitted.predict(horizonSteps, levels)) made.push({ prediction, seen: digest });
  }
  return made;
}
