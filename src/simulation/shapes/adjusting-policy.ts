import type { ForecastsByMetric } from '../../domain/forecast';
import type { AdjustmentPolicy } from '../../domain/shapes/adjustment/adjustment-policy';
import { INITIAL_STATE, type AdjustmentState } from '../../domain/shapes/adjustment/adjustment-state';
import { decideAdjustment, type ObservedUse } from '../../domain/shapes/adjustment/decide-adjustment';
import { expectedUse, learnFromUse, type ExpectedUse } from '../../domain/shapes/adjustment/expected-use';
import type { DemandForecasts } from '../fleet/demand-forecasts';
import type { InstanceRun } from '../fleet/instance-run';
import type { FleetPolicy, FleetView } from '../fleet/replay';

/** Forecasts of CPU, and of memory where it counts; share them between policies that are replayed together. */
export interface ResourceForecasts {
  readonly cpu: DemandForecasts;
  readonly memory: DemandForecasts | null;
}

interface Memory {
  readonly state: AdjustmentState;
  /** What was forecast last, and the shape that it was in percent of. */
  readonly expected: ExpectedUse | null;
  readonly shape: InstanceRun['serving'];
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
        const expected = expectedUse(forecasts, policy.errorLevel);
        // The newest value alone: those before it have taught already.
        const learned = before?.expected == null ? (before?.state ?? INITIAL_STATE) : learnFromUse(before.state, before.expected, observedOf(view, run, before.shape, 1), policy);
        if (run.moving) {
          memories.set(index, { state: learned, expected, shape: serving });
          continue;
        }
        const { decision, state } = decideAdjustment({
          forecasts,
          observed: observedOf(view, run, serving, Math.round(OBSERVED_MS / view.fleet.stepMs)),
          present: serving,
          candidates: run.shapes,
          slaClass: run.instance.slaClass,
          burst: null,
          estimate: view.fleet.estimate,
          state: learned,
          policy,
          nowMs: view.nowMs,
        });
        memories.set(index, { state, expected, shape: serving });
        if (decision.kind === 'adjust') orders.push({ index, target: decision.target });
      }
      return orders;
    },
  };
}

/** The newest values, in percent of a shape. */
function observedOf({ fleet, knownSteps }: FleetView, { instance }: InstanceRun, shape: InstanceRun['serving'], steps: number): ObservedUse[] {
  return Array.from({ length: Math.min(steps, knownSteps) }, (_, i) => knownSteps - Math.min(steps, knownSteps) + i).flatMap((step) => {
    const cpu = instance.demandVcpus[step] as number;
    const memory = instance.demandMemoryMiB?.[step] ?? NaN;
    if (Number.isNaN(cpu)) return [];
    return [{ atMs: fleet.startAtMs + (step + 1) * fleet.stepMs, cpuPercent: (cpu * 100) / shape.vcpus, memoryPercent: Number.isNaN(memory) ? null : (memory * 100) / shape.memoryMiB }];
  });
}
