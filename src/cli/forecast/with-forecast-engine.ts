import { createForecastEngine, type ForecastEngine } from '../../forecasting/forecast-engine';
import type { ModelName } from '../../forecasting/model-names';
import { WrongUsage } from '../report-failure';

export interface EngineChoice {
  readonly threads: number;
  /** As the user wrote it; left out, the engine's own choice. */
  readonly model?: string;
}

export type ModelChoice = Partial<Record<'model', ModelName>>;

/**
 * Runs `work` with an engine whose threads have started and know the model, and ends them after it. `model` is what every request has to take over.
 *
 * @throws WrongUsage for an unknown model, with the names that there are. The threads know them: this one would have to load all models for it.
 */
export async function withForecastEngine<T>({ threads, model }: EngineChoice, work: (engine: ForecastEngine, choice: ModelChoice) => Promise<T>): Promise<T> {
  const choice: ModelChoice = model === undefined ? {} : { model: model as ModelName };
  const engine = createForecastEngine({ threads });
  try {
    await startThreads(engine, threads, choice);
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
