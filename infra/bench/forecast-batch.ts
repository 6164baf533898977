import { createInterface } from 'node:readline';
import { additiveModel } from '../../src/forecasting/additive/additive-model';
import { blendedModel } from '../../src/forecasting/blended/blended-model';
import { STANDARD_LEVELS, type ForecastModel } from '../../src/forecasting/forecast-model';

/** One line of the forecast accuracy tool's tasks. */
interface Task {
  readonly id: string;
  readonly freq_seconds: number;
  readonly horizon: number;
  readonly lower_bound: number | null;
  readonly timestamps: readonly number[];
  readonly values: readonly (number | null)[];
}

const MODELS: Readonly<Record<string, ForecastModel>> = { additive: additiveModel, blended: blendedModel };

/** Answers tasks from standard input, one JSON line each, in the accuracy tool's format. Argument: the model's name. */
async function answerTasks(modelName: string): Promise<void> {
  const model = MODELS[modelName];
  if (model === undefined) throw new RangeError(`model: expected ${Object.keys(MODELS).join(' or ')}, got ${modelName}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const task = JSON.parse(line) as Task;
    const before = process.cpuUsage();
    const series = {
      id: task.id,
      startAtMs: (task.timestamps[0] ?? 0) * 1000,
      stepMs: task.freq_seconds * 1000,
      values: task.values,
      ...(task.lower_bound === null ? {} : { bounds: { lower: task.lower_bound } }),
    };
    const fitted = await model.fit([series], { seed: 1 });
    const [prediction] = fitted.predict(task.horizon, STANDARD_LEVELS);
    const spent = process.cpuUsage(before);
    const quantiles = STANDARD_LEVELS.map((level, i) => [level.toFixed(2), prediction?.quantiles.map((row) => row[i])]);
    const answer = { id: task.id, mean: prediction?.mean, quantiles: Object.fromEntries(quantiles) as unknown, seconds: (spent.user + spent.system) / 1e6 };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

answerTasks(process.argv[2] ?? 'blended').catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
