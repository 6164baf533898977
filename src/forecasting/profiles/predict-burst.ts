import { BURST, burstLimit, type BurstPrediction } from '../../domain/profiles/burst-prediction';
import { probabilityAbove, quantileWithTails } from '../../domain/quantile-function';
import { STANDARD_LEVELS } from '../forecast-model';
import type { LoadSeries } from '../load-series';
import { medianOf } from '../quantile-of-sorted';
import type { FittedProfile } from './fit-shadow-profile';
import type { OwnForecaster } from './own-forecaster';
import { predictByProfile } from './predict-by-profile';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Below this no time is named: nothing speaks for one. */
const SMALLEST_CHANCE = 0.05;

/**
 * Tells whether load will rise from the level of the last hours (of kin, where there is no history) to a burst. The probability is that of the likeliest step of
 * the forecast, pooled evenly (Stone 1961) with how often kin burst at these hours, which no level tells: neither share was learned.
 *
 * @param series as in `predictByProfile`, in percent of the allocation
 * @throws RangeError for a time shorter than a step
 */
export async function predictBurst({ profile, model }: FittedProfile, series: LoadSeries, withinMinutes: number, own: OwnForecaster): Promise<BurstPrediction> {
  const horizon = Math.floor((withinMinutes * MINUTE_MS) / model.stepMs);
  if (!(horizon >= 1)) throw new RangeError(`withinMinutes: expected ${model.stepMs / MINUTE_MS} or more, got ${withinMinutes}`);
  const { quantiles, ownPoints } = await predictByProfile(model, series, horizon, own);
  const seen = series.values.slice(-BURST.baseSteps).filter((value) => value !== null);
  const level = seen.length > 0 ? medianOf(seen) : medianOf((quantiles[0] as readonly number[]).slice());
  const limit = burstLimit(level);
  const chances = quantiles.map((values) => probabilityAbove({ levels: STANDARD_LEVELS, values }, limit));
  const nextAtMs = series.startAtMs + series.values.length * model.stepMs;
  const rates = quantiles.map((_, h) => ((profile.bursts.perHour[hourOf(nextAtMs + h * model.stepMs)] as number) * model.stepMs) / HOUR_MS);
  const byKin = 1 - Math.exp(-rates.reduce((sum, rate) => sum + rate, 0));
  const byLevel = Math.max(...chances);
  const probability = (byLevel + byKin) / 2;
  const likelihoods = chances.map((chance, h) => chance + (rates[h] as number));
  const step = likelihoods.indexOf(Math.max(...likelihoods));
  const values = quantiles[step] as readonly number[];
  const { lower = -Infinity, upper = Infinity } = series.bounds ?? {};
  const sizePercent = STANDARD_LEVELS.map((share) => {
    const beyond = quantileWithTails({ levels: STANDARD_LEVELS, values }, Math.min(1 - 1e-6, Math.max(1e-6, 1 - (chances[step] as number) * (1 - share))));
    return Math.min(upper, Math.max(lower, limit, beyond));
  });
  const expectedStartMs = probability < SMALLEST_CHANCE ? null : nextAtMs + step * model.stepMs;
  const origin = ownPoints === 0 ? 'kin alone' : `kin and ${ownPoints} own points`;
  const reason = `a burst is load above ${limit.toFixed(1)}, as the level is ${level.toFixed(1)}; ${origin} give ${(100 * byLevel).toFixed(0)} % at the likeliest step, and kin burst at these hours in ${(100 * byKin).toFixed(0)} % of such times`;
  return { withinMinutes, probability, levels: STANDARD_LEVELS, sizePercent, expectedStartMs, reason };
}

function hourOf(atMs: number): number {
  return ((Math.floor(atMs / HOUR_MS) % 24) + 24) % 24;
}
