import type { ForecastsByMetric, LoadMetric, ResourceForecast } from '../../domain/forecast';
import { quantileAt } from '../../domain/quantile-function';
import type { AdjustmentPolicy } from '../../domain/shapes/adjustment/adjustment-policy';
import { INITIAL_STATE, learnFromError, type AdjustmentState } from '../../domain/shapes/adjustment/adjustment-state';
import { decideAdjustment, type ObservedUse } from '../../domain/shapes/adjustment/decide-adjustment';
import type { DemandForecasts } from '../fleet/demand-forecasts';
import type { InstanceRun } from '../fleet/instance-run';
import type { FleetPolicy, FleetView } from '../fleet/replay';

/** Forecasts of CPU, and of memory where it counts; share them between policies that are replayed together. */
export interface ResourceForecasts {
  readonly cpu: DemandForecasts;
  readonly memory: DemandForecasts | null;
}

interface Memory {
  state: AdjustmentState;
  /** What was forecast last, and the shape that it was in percent of. */
  forecasts: ForecastsByMetric;
  shape: InstanceRun['serving'];
}

const OBSERVED_MS = 3_600_000;

/** The product's own decision (`decideAdjustment`) for each instance at every step. */
export function createAdjustingPolicy(name: string, { cpu, memory }: ResourceForecasts, policy: AdjustmentPolicy): FleetPolicy {
  const memories = new Map<number, Memory>();
  return {
    name,
    async decide(view) {
      const orders = [];
      for (const [index, run] of view.runs.entries()) {
        const { serving } = run;
        const [cpuPercent, memoryPercent] = [await cpu.latest(index, view.knownSteps, serving.vcpus), await memory?.latest(index, view.knownSteps, serving.memoryMiB)];
        const forecasts: ForecastsByMetric = { ...(cpuPercent === null ? {} : { cpuPercent }), ...(memoryPercent == null ? {} : { memoryPercent }) };
        const before = memories.get(index);
        const learned = before === undefined ? INITIAL_STATE : learn(before, run, view, policy);
        if (run.moving) {
          memories.set(index, { state: learned, forecasts, shape: serving });
          continue;
        }
        const { decision, state } = decideAdjustment({
          forecasts,
          observed: observedOf(view, run),
          present: serving,
          candidates: run.shapes,
          slaClass: run.instance.slaClass,
          burst: null,
          estimate: view.fleet.estimate,
          state: learned,
          policy,
          nowMs: view.nowMs,
        });
        memories.set(index, { state, forecasts, shape: serving });
        if (decision.kind === 'adjust') orders.push({ index, target: decision.target });
      }
      return orders;
    },
  };
}

/** What the newest value tells of the forecast that was there before it. */
function learn({ state, forecasts, shape }: Memory, { instance }: InstanceRun, { fleet, knownSteps }: FleetView, { errorLevel, errorRate }: AdjustmentPolicy): AdjustmentState {
  const newest = knownSteps - 1;
  const seen: Partial<Record<LoadMetric, number>> = {
    cpuPercent: ((instance.demandVcpus[newest] as number) * 100) / shape.vcpus,
    memoryPercent: ((instance.demandMemoryMiB?.[newest] ?? NaN) * 100) / shape.memoryMiB,
  };
  return Object.values(forecasts).reduce((so: AdjustmentState, forecast: ResourceForecast) => {
    const value = seen[forecast.metric] ?? NaN;
    const values = forecast.quantiles[Math.round((fleet.startAtMs + newest * fleet.stepMs - forecast.issuedAtMs) / fleet.stepMs) - 1];
    if (Number.isNaN(value) || values === undefined) return so;
    return learnFromError(so, forecast.metric, { value, quantile: quantileAt({ levels: forecast.levels, values }, errorLevel) }, errorLevel, errorRate);
  }, state);
}

function observedOf({ fleet, knownSteps }: FleetView, { instance, serving }: InstanceRun): ObservedUse[] {
  const steps = Math.round(OBSERVED_MS / fleet.stepMs);
  return Array.from({ length: Math.min(steps, knownSteps) }, (_, i) => knownSteps - Math.min(steps, knownSteps) + i).flatMap((step) => {
    const cpu = instance.demandVcpus[step] as number;
    const memory = instance.demandMemoryMiB?.[step] ?? NaN;
    if (Number.isNaN(cpu)) return [];
    return [{ atMs: fleet.startAtMs + (step + 1) * fleet.stepMs, cpuPercent: (cpu * 100) / serving.vcpus, memoryPercent: Number.isNaN(memory) ? null : (memory * 100) / serving.memoryMiB }];
  });
}
