import { basename } from 'node:path';
import { createForecastEngine } from '../../../src/forecasting/forecast-engine';
import type { LoadSeries } from '../../../src/forecasting/load-series';
import { regularizePoints } from '../../../src/forecasting/regularize-points';
import { DEFAULT_POLICY } from '../../../src/domain/migration-policy';
import { findDecisionMoment } from './find-decision-moment';
import { generateHistory } from './history-generator';
import { scaleToPercent } from './scale-to-percent';
import { readTrace } from './trace-csv';

export const STEP_MS = 300_000;
const DAY_STEPS = 288;
/** Surer than the policy asks for, and for two more steps: the product looks a few minutes later, when newer values are known. */
const MARGIN = 0.2;
const STEADY_STEPS = 2;

/** The load of the instance that will run out: what came before now, and what comes. */
export interface DemoScene {
  readonly title: string;
  readonly past: readonly (number | null)[];
  readonly future: readonly number[];
  readonly cameTrue: string;
}

/** Moves through a generated or a real trace to the first moment at which the forecast, seeing only its past, says "act" and goes on saying so. */
export async function prepareScene(traceFile: string | null, seed: number): Promise<DemoScene> {
  const { horizonMs, quantile, minProbability, limitPercent } = DEFAULT_POLICY.forecast;
  const series = traceFile === null ? generated(seed) : await fromTrace(traceFile, limitPercent);
  const engine = createForecastEngine({ threads: 1 });
  try {
    const policy = { horizonMs, quantile, minProbability: minProbability + MARGIN, minLeadMs: 0 };
    const moment = await findDecisionMoment({ series, limitPercent, policy, startShare: 0.5, steadySteps: STEADY_STEPS }, engine);
    if (moment === null) throw new Error(`${series.id}: the forecast never sees this load pass ${limitPercent} %; the demo needs a trace whose load rises to its limit`);
    const { tickIndex, cameTrue } = moment;
    return {
      title: series.id,
      past: series.values.slice(Math.max(0, tickIndex + 1 - 14 * DAY_STEPS), tickIndex + 1),
      future: series.values.slice(tickIndex + 1, tickIndex + 1 + 36).map((value) => value ?? 0),
      cameTrue: cameTrue.passed ? `it did, ${Math.round(cameTrue.leadMs / 60_000)} minutes later` : 'it did not within the horizon',
    };
  } finally {
    await engine.close();
  }
}

function generated(seed: number): LoadSeries {
  const points = 21 * DAY_STEPS;
  const options = { seed, profile: 'growing', metric: 'cpuPercent', startAtMs: 0, stepMs: STEP_MS, points } as const;
  const values = generateHistory({ ...options, growth: { limit: DEFAULT_POLICY.forecast.limitPercent, passesAfterPoints: 15 * DAY_STEPS } });
  return { id: `generated load, seed ${seed}`, startAtMs: 0, stepMs: STEP_MS, values, bounds: { lower: 0, upper: 100 } };
}

async function fromTrace(file: string, limitPercent: number): Promise<LoadSeries> {
  const points = await readTrace(file);
  return scaleToPercent(regularizePoints(points, { id: basename(file), stepMs: STEP_MS }), limitPercent);
}
