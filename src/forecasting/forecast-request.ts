import type { ModelSettings } from '../domain/model-choice';
import { additiveModel } from './additive/additive-model';
import { arimaModel } from './arima/arima-model';
import { blendedModel } from './blended/blended-model';
import type { ForecastModel, SeriesPrediction } from './forecast-model';
import { createGateModel } from './gate/gate-model';
import { FAST_GATE, GATE } from './gate/gate-settings';
import { shippedGates } from './gate/shipped-gates';
import type { LoadSeries } from './load-series';
import { lstmModel } from './lstm/lstm-model';
import { MODEL_NAMES, type ModelName } from './model-names';
import type { ForecastTier } from './tiers';
import { withKnownEffects } from './with-known-effects';

/** The additive model knows inputs by itself; the others are given what it finds. */
const MODELS: Readonly<Record<ModelName, ForecastModel>> = {
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

/** The model of a name. @throws RangeError for an unknown one */
export function modelNamed(name: ModelName): ForecastModel {
  const model = Object.hasOwn(MODELS, name) ? MODELS[name] : undefined;
  if (model === undefined) throw new RangeError(`model: expected ${MODEL_NAMES.join(' or ')}, got ${String(name)}`);
  return model;
}
