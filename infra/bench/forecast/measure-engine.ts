import { createForecastEngine } from '../../../src/forecasting/forecast-engine';
import type { ForecastRequest } from '../../../src/forecasting/forecast-request';
import { generatedLoad } from './generated-loads';

const HISTORY_STEPS = 2016;
const SAMPLE_EVERY_MS = 20;
const MIB = 1_048_576;

export interface TickCost {
  /** CPU of the whole process for the first tick, in ms a series: checking, copying to the thread, fitting, judging, forecasting, copying back. */
  readonly coldMs: number;
  /** The same for a later tick, one value later, mean over a horizon of ticks. */
  readonly warmMs: number;
  /** Memory that the process holds after the ticks beyond what it held before the first, in MiB. */
  readonly keptMiB: number;
}

/** What a live tick costs in an engine of one thread that keeps its models. */
export async function measureTicks(series: number, horizonSteps: number): Promise<TickCost> {
  const engine = createForecastEngine({ threads: 1, keptValues: series * 2 * HISTORY_STEPS });
  const loads = Array.from({ length: series }, (_, i) => generatedLoad(i, HISTORY_STEPS + horizonSteps));
  const requests = (tick: number): ForecastRequest[] => loads.map((load) => ({ series: { ...load, startAtMs: load.startAtMs + tick * load.stepMs, values: load.values.slice(tick, tick + HISTORY_STEPS) }, horizonSteps }));
  // The thread's start is measured elsewhere.
  await engine.forecast([{ series: generatedLoad(series, 300), horizonSteps }]);
  const before = process.memoryUsage().rss;
  const coldMs = await cpuMs(() => engine.forecast(requests(0)));
  let sum = 0;
  for (let tick = 1; tick <= horizonSteps; tick++) sum += await cpuMs(() => engine.forecast(requests(tick)));
  const keptMiB = (process.memoryUsage().rss - before) / MIB;
  await engine.close();
  return { coldMs: coldMs / series, warmMs: sum / horizonSteps / series, keptMiB };
}

/** The most memory that the process held during one call over its memory before, when the caller's series were there already; in MiB. */
export async function measureMemory(series: number, horizonSteps: number): Promise<number> {
  const engine = createForecastEngine({ threads: 1 });
  await engine.forecast([{ series: generatedLoad(0, HISTORY_STEPS), horizonSteps }]);
  const requests = Array.from({ length: series }, (_, i): ForecastRequest => ({ series: generatedLoad(i, HISTORY_STEPS), horizonSteps, tier: 'fast' }));
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), SAMPLE_EVERY_MS);
  await engine.forecast(requests);
  clearInterval(timer);
  await engine.close();
  return (most - before) / MIB;
}

async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
