import type { ResourceForecast } from '../../domain/forecast';
import type { FittedModel, ForecastModel, SeriesPrediction } from '../../forecasting/forecast-model';
import type { LoadSeries } from '../../forecasting/load-series';
import { poolWithProfile } from '../../forecasting/pool-with-profile';
import { PROFILE_WEIGHT, SIZING_LEVELS } from '../../forecasting/sizing-levels';
import type { FleetCase } from './fleet-case';

export interface ForecastPace {
  readonly horizonMs: number;
  /** A forecast is made anew when it is so old, or when the latest value leaves its 0.05 to 0.95 interval. */
  readonly everyMs: number;
}

interface Kept {
  readonly fitted: FittedModel;
  readonly knownSteps: number;
  readonly prediction: SeriesPrediction;
}

/** Forecasts of what is asked of each instance, in vCPUs or in MiB of memory, from what was known at a step; kept from step to step, as a service keeps them. */
export class DemandForecasts {
  private readonly kept = new Map<number, Kept>();

  constructor(
    private readonly fleet: FleetCase,
    private readonly model: ForecastModel,
    private readonly pace: ForecastPace,
    private readonly metric: 'cpuPercent' | 'memoryPercent' = 'cpuPercent',
  ) {}

  /** The newest forecast of an instance at a step; null where nothing of it is known. `percentOf` is what counts as 100 percent, in vCPUs or MiB. */
  async latest(index: number, knownSteps: number, percentOf: number): Promise<ResourceForecast | null> {
    const before = this.kept.get(index);
    if (before !== undefined && !this.isDue(before, index, knownSteps)) return this.asPercent(before.prediction, percentOf);
    const fitted = before === undefined ? await this.fit(index, knownSteps) : await before.fitted.update([this.seriesOf(index, before.knownSteps, knownSteps).values]);
    const [alone] = fitted?.predict(Math.round(this.pace.horizonMs / this.fleet.stepMs), SIZING_LEVELS) ?? [];
    if (fitted === null || alone === undefined) return null;
    const prediction = poolWithProfile(alone, this.seriesOf(index, 0, knownSteps), PROFILE_WEIGHT);
    this.kept.set(index, { fitted, knownSteps, prediction });
    return this.asPercent(prediction, percentOf);
  }

  private isDue({ prediction, knownSteps }: Kept, index: number, nowKnown: number): boolean {
    const age = nowKnown - knownSteps;
    if (age * this.fleet.stepMs >= this.pace.everyMs) return true;
    if (age === 0) return false;
    const value = this.demandOf(index)[nowKnown - 1] as number;
    const quantiles = prediction.quantiles[age - 1];
    return quantiles === undefined || value < (quantiles[0] as number) || value > (quantiles.at(-1) as number);
  }

  private seriesOf(index: number, from: number, to: number): LoadSeries {
    const { startAtMs, stepMs } = this.fleet;
    const values = Array.from(this.demandOf(index).subarray(from, to), (value) => (Number.isNaN(value) ? null : value));
    return { id: String(index), startAtMs: startAtMs + from * stepMs, stepMs, values, bounds: { lower: 0 } };
  }

  private demandOf(index: number): Float64Array {
    const instance = this.fleet.instances[index];
    return (this.metric === 'cpuPercent' ? instance?.demandVcpus : instance?.demandMemoryMiB) ?? new Float64Array();
  }

  private async fit(index: number, knownSteps: number): Promise<FittedModel | null> {
    const series = this.seriesOf(index, 0, knownSteps);
    return series.values.some((value) => value !== null) ? this.model.fit([series], { seed: 1 }) : null;
  }

  private asPercent({ issuedAtMs, stepMs, levels, quantiles, mean, peakQuantiles }: SeriesPrediction, percentOf: number): ResourceForecast {
    const scale = (values: readonly number[]): number[] => values.map((value) => (value * 100) / percentOf);
    return {
      subject: { kind: 'instance', instanceId: 'simulated' },
      metric: this.metric,
      unit: 'percent',
      issuedAtMs,
      stepMs,
      horizonMs: quantiles.length * stepMs,
      levels,
      quantiles: quantiles.map(scale),
      mean: scale(mean),
      peak: scale(peakQuantiles),
      origin: { model: this.model.name, version: this.model.version, digest: '' },
    };
  }
}
