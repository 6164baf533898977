import { createRandomStream } from '../../../src/domain/seeded-random';
import type { DemandQuantile } from '../../../src/domain/routing/load-quantile';
import type { MemberOutlook } from '../../../src/domain/routing/routing-outlook';
import { PROFILE_WEIGHT, SIZING_LEVELS } from '../../../src/forecasting/sizing-levels';
import { createForecastEngine } from '../../../src/forecasting/forecast-engine';

const STEP_MS = 300_000;
const STEPS_A_DAY = 288;
const DAYS = 14;
/** What a neighbour takes rises daily within an hour and stays so for three; the history ends 20 minutes into the rise. */
const RISE_STEPS = 12;
const STAY_STEPS = 36;
const RISEN_STEPS = 4;
const HORIZON_STEPS = 9;
const RISK_LEVEL = 0.9;

export interface InstanceHistory {
  readonly memberId: string;
  /** Requests a second that it can do, that it usually gets, and that its neighbour takes at its height. */
  readonly capacity: number;
  readonly usual: number;
  readonly neighbour: number;
}

/** What the product's forecaster says of the next 45 minutes, from two weeks of days like this one. It sees no value of what it forecasts. */
export async function forecastOutlook(instances: readonly InstanceHistory[], nowMs: number): Promise<MemberOutlook[]> {
  const random = createRandomStream(7);
  const endAtMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  const series = instances.flatMap(({ memberId, usual, neighbour }) => [
    seriesOf(`${memberId}/requests`, endAtMs, () => usual * (0.97 + 0.06 * random())),
    seriesOf(`${memberId}/neighbour`, endAtMs, (i) => neighbour * takenAt((i + RISEN_STEPS) % STEPS_A_DAY) * (0.97 + 0.06 * random()) + random()),
  ]);
  const engine = createForecastEngine({ threads: 1 });
  try {
    const answers = await engine.forecast(series.map((one) => ({ series: one, horizonSteps: HORIZON_STEPS, levels: SIZING_LEVELS, profileWeight: PROFILE_WEIGHT })));
    const peakOf = (i: number): DemandQuantile[] => answers[i]?.levels.map((level, at) => ({ level, value: answers[i]?.peakQuantiles[at] ?? 0 })) ?? [];
    return instances.map(({ memberId, capacity }, i) => ({ memberId, capacity, load: peakOf(2 * i), otherLoad: peakOf(2 * i + 1).find(({ level }) => level >= RISK_LEVEL)?.value ?? 0 }));
  } finally {
    await engine.close();
  }
}

/** Of its height, by the day's step. */
function takenAt(step: number): number {
  return Math.max(0, Math.min(1, step / RISE_STEPS, (2 * RISE_STEPS + STAY_STEPS - step) / RISE_STEPS));
}

function seriesOf(id: string, endAtMs: number, valueAt: (step: number) => number) {
  const values = Array.from({ length: DAYS * STEPS_A_DAY }, (_, i) => valueAt(i));
  return { id, startAtMs: endAtMs - values.length * STEP_MS, stepMs: STEP_MS, values, bounds: { lower: 0 } };
}
