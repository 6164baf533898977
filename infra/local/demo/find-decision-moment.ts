import { assessContention, type ContentionAssessment } from '../../../src/domain/contention';
import type { ContentionPolicy } from '../../../src/domain/contention-assessment';
import type { ForecastEngine } from '../../../src/forecasting/forecast-engine';
import type { LoadSeries } from '../../../src/forecasting/load-series';
import { toResourceForecast } from '../../../src/forecasting/to-resource-forecast';

export interface DecisionSearch {
  /** CPU in percent, see `scaleToPercent`. */
  readonly series: LoadSeries;
  readonly limitPercent: number;
  readonly policy: ContentionPolicy;
  /** Time between two looks; left out, 30 minutes. */
  readonly tickMs?: number;
  /** Share of the trace (0..1) that is history before the first look; left out, 0.6. Three days at least are history in any case. */
  readonly startShare?: number;
  /**
   * A moment counts only where as many of the next steps, once known, decide the same; left out, 0. For staging: whoever replays the moment
   * looks a little later than it.
   */
  readonly steadySteps?: number;
}

export interface DecisionMoment {
  /** Index of the latest value known at the decision. */
  readonly tickIndex: number;
  readonly assessment: ContentionAssessment;
  /** Whether the real trace passed the limit within the policy's horizon after the decision, and how long after it. */
  readonly cameTrue: { readonly passed: true; readonly leadMs: number } | { readonly passed: false };
}

const DAY_MS = 86_400_000;
const LEAST_HISTORY_MS = 3 * DAY_MS;
const MOST_HISTORY_MS = 14 * DAY_MS;
const DECISION_LEVELS: readonly number[] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
/** Looks forecast in one call; what the later ones of a batch cost is lost once an earlier one decides. */
const LOOKS_AT_ONCE = 16;

/**
 * Walks through a trace as the controller would have lived through it and finds the first tick at which contention is foreseen with enough lead, while
 * the load is still below the limit. Each forecast knows the values up to its tick only, at most two weeks of them.
 *
 * @returns null where no tick decides
 */
export async function findDecisionMoment(search: DecisionSearch, engine: ForecastEngine): Promise<DecisionMoment | null> {
  const { series, limitPercent, policy } = search;
  const { stepMs, values } = series;
  const every = Math.max(1, Math.round((search.tickMs ?? 30 * 60_000) / stepMs));
  const first = Math.max(Math.ceil(LEAST_HISTORY_MS / stepMs), Math.floor(values.length * (search.startShare ?? 0.6))) - 1;
  const ticks: number[] = [];
  for (let tick = first; tick < values.length - 1; tick += every) {
    const value = values[tick] ?? null;
    if (value !== null && value < limitPercent) ticks.push(tick);
  }
  for (let at = 0; at < ticks.length; at += LOOKS_AT_ONCE) {
    const looks = ticks.slice(at, at + LOOKS_AT_ONCE);
    for (const [i, assessment] of (await assessTicks(search, looks, engine)).entries()) {
      const tickIndex = looks[i] as number;
      if (!decides(assessment) || !(await staysDecided(search, tickIndex, engine))) continue;
      return { tickIndex, assessment, cameTrue: whatCame(series, tickIndex, limitPercent, policy.horizonMs) };
    }
  }
  return null;
}

const decides = ({ contended, leadSufficient }: ContentionAssessment): boolean => contended && leadSufficient;

async function staysDecided(search: DecisionSearch, tick: number, engine: ForecastEngine): Promise<boolean> {
  const later = Array.from({ length: search.steadySteps ?? 0 }, (_, i) => tick + 1 + i);
  if (later.some((at) => at >= search.series.values.length)) return false;
  return (await assessTicks(search, later, engine)).every(decides);
}

async function assessTicks({ series, limitPercent, policy }: DecisionSearch, ticks: readonly number[], engine: ForecastEngine): Promise<ContentionAssessment[]> {
  const horizonSteps = Math.max(1, Math.ceil(policy.horizonMs / series.stepMs));
  const answers = await engine.forecast(
    ticks.map((tick) => ({ series: historyUntil(series, tick), horizonSteps, levels: DECISION_LEVELS })),
  );
  return answers.map((answer) => {
    const cpuPercent = toResourceForecast(answer, { kind: 'instance', instanceId: series.id }, 'cpuPercent');
    return assessContention({ forecasts: { cpuPercent }, limits: { cpuPercent: limitPercent }, policy, nowMs: cpuPercent.issuedAtMs });
  });
}

/** The series as it was known at a tick: up to it, two weeks back at most. */
function historyUntil(series: LoadSeries, tick: number): LoadSeries {
  const from = Math.max(0, tick + 1 - Math.round(MOST_HISTORY_MS / series.stepMs));
  return { ...series, startAtMs: series.startAtMs + from * series.stepMs, values: series.values.slice(from, tick + 1) };
}

function whatCame({ values, stepMs }: LoadSeries, tick: number, limit: number, horizonMs: number): DecisionMoment['cameTrue'] {
  const steps = Math.floor(horizonMs / stepMs);
  const passed = values.slice(tick + 1, tick + 1 + steps).findIndex((value) => value !== null && value > limit);
  return passed < 0 ? { passed: false } : { passed: true, leadMs: (passed + 1) * stepMs };
}
