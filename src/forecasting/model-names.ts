/** The models that can be asked for by name. */
export const MODEL_NAMES = ['gate', 'fast-gate', 'blended', 'additive', 'arima', 'lstm'] as const;

export type ModelName = (typeof MODEL_NAMES)[number];

/** Models that learn across the series of one call: their requests stay together, or a forecast would depend on how work is shared out over threads. */
const TRAINED_TOGETHER: readonly ModelName[] = ['lstm'];

export function learnsAcrossSeries(model: ModelName | undefined): boolean {
  return model !== undefined && TRAINED_TOGETHER.includes(model);
}
