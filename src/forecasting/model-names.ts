/** The models that can be asked for by name. */
export const MODEL_NAMES = ['gate', 'fast-gate', 'blended', 'additive', 'arima', 'lstm'] as const;

export type ModelName = (typeof MODEL_NAMES)[number];

/** Models that learn across the series of one call: their requests stay together, or a forecast would depend on how work is shared out over threads. */
const TRAINED_TOGETHER: readonly ModelName[] = ['lstm'];

/** Models of which each series' own is kept from call to call: `update` costs them little and `fit` much, and no series learns from another. */
const KEPT: readonly ModelName[] = ['gate', 'fast-gate'];

export function isWorthKeeping(model: ModelName): boolean {
  return KEPT.includes(model);
}

export function learnsAcrossSeries(model: ModelName | undefined): boolean {
  return model !== undefined && TRAINED_TOGETHER.includes(model);
}
