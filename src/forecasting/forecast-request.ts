import type { ModelSettings } from '../domain/model-choice';
import { additiveModel } from './additive/additive-model';
import { arimaModel } from './arima/arima-model';
import { blendedModel } from './blended/blended-model';
import type { ForecastModel, SeriesPrediction } from './forecast-model';
import { createGateModel } from './gate/gate-model';
import { FAST_GATE, GATE } from './gate/gate-settings';
import { shippedGates } from './gate/shipped-gates';
import { fromWeightsFile, type WeightsFile } from './gate/weights-file';
import type { LoadSeries } from './load-series';
import { lstmModel } from './lstm/lstm-model';
import { MODEL_NAMES, weightsIdOf, type ModelName } from './model-names';
import { modelOfTier, type ForecastTier } from './tiers';
import { withKnownEffects } from './with-known-effects';

/** The additive model knows inputs by itself; the others are given what it finds. */
const MODELS: Readonly<Record<(typeof MODEL_NAMES)[number], ForecastModel>> = {
  gate: withKnownEffects(createGateModel(shippedGates, GATE)),
  'fast-gate': withKnownEffects(createGateModel(shippedGates, FAST_GATE)),
  blended: withKnownEffects(blendedModel),
  additive: additiveModel,
  arima: withKnownEffects(arimaModel),
  lstm: withKnownEffects(lstmModel),
};

/** One series to forecast. */
export interface ForecastRequest {
  readonly series: LoadSeries;
  readonly horizonSteps: number;
  /** Left out: the 19 standard levels. */
  readonly levels?: readonly number[];
  /** Left out: that of the tier. */
  readonly model?: ModelName;
  /** The weights of a gate that was trained further, where `model` names one. */
  readonly weights?: WeightsFile;
  /** Left out: `balanced`. */
  readonly tier?: ForecastTier;
  /** Left out: the model's own. */
  readonly settings?: ModelSettings;
  /** Weight (0..1) of what the same time of day brought lately, pooled with the model's forecast; left out: 0. */
  readonly profileWeight?: number;
  /** Left out: 1. */
  readonly seed?: number;
}

/**
 * A prediction and the model that made it. The digest is SHA-256 over all that it was made from: model, version, seed, horizon, levels, series (all series of
 * the call for a model that learns across them).
 */
export interface ForecastAnswer extends SeriesPrediction {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
}

/** Models of continued gates by name, as far as this thread has met them. */
const continued = new Map<string, ForecastModel>();
const MOST_CONTINUED = 200;

/** The model of a request. @throws RangeError for an unknown one, and for a continued gate without its weights */
export function modelOfRequest({ tier = 'balanced', model = modelOfTier(tier), weights }: Pick<ForecastRequest, 'tier' | 'model' | 'weights'>): ForecastModel {
  return weightsIdOf(model) === null ? modelNamed(model) : continuedGate(model, weights);
}

/** The model of a name that ships. @throws RangeError for an unknown one */
export function modelNamed(name: string): ForecastModel {
  const model = Object.hasOwn(MODELS, name) ? MODELS[name as keyof typeof MODELS] : undefined;
  if (model === undefined) throw new RangeError(`model: expected ${MODEL_NAMES.join(' or ')}, got ${String(name)}`);
  return model;
}

function continuedGate(name: string, weights: WeightsFile | undefined): ForecastModel {
  const known = continued.get(name);
  if (known !== undefined) return known;
  if (weights === undefined) throw new RangeError(`model: ${name} is not without its weights`);
  if (continued.size >= MOST_CONTINUED) continued.clear();
  const model = withKnownEffects(createGateModel({ ...shippedGates, short: fromWeightsFile(weights) }, { ...GATE, name }));
  continued.set(name, model);
  return model;
}
