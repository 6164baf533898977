import { STANDARD_LEVELS, type ForecastModel } from '../../../src/forecasting/forecast-model';
import { gateOrigins } from '../../../src/forecasting/gate/gate-origins';
import { stepsBetweenMoments } from '../../../src/forecasting/gate/judged-series';
import { generatedLoad } from './generated-loads';

const HISTORY_STEPS = 2016;

export interface GateCost {
  /** CPU of the forecast of a series just met, judging of the rules at all moments included, in ms a series. */
  readonly firstMs: number;
  /** CPU of a forecast in a running service, in ms a series: new values taken, forecast, and its share of judging the rules at one new moment now and then. */
  readonly tickMs: number;
}

/**
 * What a gate costs on the thread that calls: fitted once, then asked every `stepsBetween` steps until the next moment to judge falls due. A running service judges
 * one moment then; what one costs follows from the first forecast, which judges all of them.
 */
export async function measureGate(model: ForecastModel, series: number, horizonSteps: number, stepsBetween: number): Promise<GateCost> {
  const ticks = Math.ceil(stepsBetweenMoments(horizonSteps) / stepsBetween) - 1;
  const loads = Array.from({ length: series }, (_, i) => generatedLoad(i, HISTORY_STEPS + ticks * stepsBetween));
  let fitted = await model.fit(loads.map((load) => ({ ...load, values: load.values.slice(0, HISTORY_STEPS) })), { seed: 1 });
  const firstMs = cpuMs(() => fitted.predict(horizonSteps, STANDARD_LEVELS)) / series;
  let sum = 0;
  for (let t = 0; t < ticks; t++) {
    const at = HISTORY_STEPS + t * stepsBetween;
    const more = loads.map(({ values }) => values.slice(at, at + stepsBetween));
    const before = process.cpuUsage();
    fitted = await fitted.update(more);
    sum += msSince(before) + cpuMs(() => fitted.predict(horizonSteps, STANDARD_LEVELS));
  }
  const withoutJudging = sum / series / ticks;
  const moment = (firstMs - withoutJudging) / gateOrigins(HISTORY_STEPS, horizonSteps).length;
  return { firstMs, tickMs: withoutJudging + moment / (ticks + 1) };
}

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return msSince(before);
}

function msSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
