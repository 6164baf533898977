import { createForecastEngine, type ForecastEngine } from '../../forecasting/forecast-engine';
import type { ForecastRequest } from '../../forecasting/forecast-request';
import type { ModelName } from '../../forecasting/model-names';
import type { ForecastTier } from '../../forecasting/tiers';
import { WrongUsage } from '../report-failure';

export interface EngineChoice {
  readonly threads: number;
  /** As the user wrote it; left out, the engine's own choice. */
  readonly model?: string;
  /** Left out, the engine's own choice; `model` comes before it. */
  readonly tier?: ForecastTier;
  /** Further models that requests will ask for. */
  readonly models?: readonly string[];
}

/** What every request has to take over. */
export type ModelChoice = Pick<ForecastRequest, 'model' | 'tier'>;

/**
 * Runs `work` with an engine whose threads have started and know the model, and ends them after it.
 *
 * @throws WrongUsage for an unknown model, with the names that there are. The threads know them: this one would have to load all models for it.
 */
export async function withForecastEngine<T>({ threads, model, tier, models = [] }: EngineChoice, work: (engine: ForecastEngine, choice: ModelChoice) => Promise<T>): Promise<T> {
  const choice: ModelChoice = { ...(model === undefined ? {} : { model: model as ModelName }), ...(tier === undefined ? {} : { tier }) };
  const engine = createForecastEngine({ threads });
  try {
    await startThreads(engine, threads, choice);
    for (const name of models) await startThreads(engine, threads, { model: name as ModelName });
    return await work(engine, choice);
  } finally {
    await engine.close();
  }
}

/** One small forecast on each thread: that loading the models takes its time is then no part of any forecast's. */
async function startThreads(engine: ForecastEngine, threads: number, choice: ModelChoice): Promise<void> {
  const request = { series: { id: 'start', startAtMs: 0, stepMs: 300_000, values: [1, 2, 3] }, horizonSteps: 1, ...choice };
  try {
    await engine.forecast(new Array<typeof request>(threads).fill(request));
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith('model: ')) throw new WrongUsage(`--${error.message}`);
    throw error;
  }
}
