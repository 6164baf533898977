/** The model of each tier: how much time a forecast may take, `fast` for fleets on a tick, `accurate` for a decision that costs. */
const TIER_MODELS = { fast: 'fast-gate', balanced: 'gate', accurate: 'gate' } as const;

export type ForecastTier = keyof typeof TIER_MODELS;

export const FORECAST_TIERS = Object.keys(TIER_MODELS) as readonly ForecastTier[];

/** @throws RangeError for a tier that there is not */
export function modelOfTier(tier: ForecastTier): (typeof TIER_MODELS)[ForecastTier] {
  if (!Object.hasOwn(TIER_MODELS, tier)) throw new RangeError(`tier: expected ${FORECAST_TIERS.join(' or ')}, got ${String(tier)}`);
  return TIER_MODELS[tier];
}
