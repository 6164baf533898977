import type { SlaClass } from '../../domain/queue/move-request';
import type { Shape } from '../../domain/shape';
import type { FleetPlanPolicy } from '../../domain/fleet-plan/plan-policy';
import { estimateMove } from '../../domain/sizing/move-estimate';
import { quantileOfSorted } from '../../forecasting/quantile-of-sorted';
import type { FleetCase, SimulatedInstance } from './fleet-case';

/** A recorded load: of an instance in percent of its shape, or of anything in units of its own. */
export interface RecordedLoad {
  readonly id: string;
  readonly service: string;
  readonly slaClass: SlaClass;
  readonly shape: Shape;
  readonly startAtMs: number;
  readonly values: readonly (number | null)[];
  /** Of the same time and unit; left out where memory was not recorded. */
  readonly memory?: readonly (number | null)[];
}

export interface CaseOptions {
  readonly stepMs: number;
  /** History that every policy knows, before the replay begins. */
  readonly warmUpMs: number;
  /** `percent`: values are percent of the shape. `scaled`: the 0.97 quantile of the warm-up becomes 60 % of it, which is known when the replay begins. */
  readonly unit: 'percent' | 'scaled';
  readonly shapes: readonly Shape[];
  /** Left out, an instance stays within its family. */
  readonly families?: FleetCase['families'];
  readonly policy: FleetPlanPolicy;
}

/** A machine that was sized with care: its high load is at 60 %. */
const SCALED_QUANTILE = 0.97;
const SCALED_TO_PERCENT = 60;
const DELAY_STEPS = 1;
const PING_PONG_MS = 2 * 3_600_000;

/**
 * Makes a replayable fleet of recorded loads: one grid from the earliest value to the latest.
 *
 * @throws RangeError where nothing is left to replay after the warm-up, or the loads lie so far apart in time that there is no fleet
 */
export function buildFleetCase(loads: readonly RecordedLoad[], { stepMs, warmUpMs, unit, shapes, families = 'own', policy }: CaseOptions): FleetCase {
  const startAtMs = Math.min(...loads.map((load) => load.startAtMs));
  const offsets = loads.map((load) => Math.round((load.startAtMs - startAtMs) / stepMs));
  const steps = Math.max(0, ...loads.map(({ values }, i) => (offsets[i] as number) + values.length));
  const longest = Math.max(0, ...loads.map(({ values }) => values.length));
  const firstStep = Math.round(warmUpMs / stepMs);
  if (firstStep >= steps) throw new RangeError(`warm-up: expected less than the ${((steps * stepMs) / 86_400_000).toFixed(1)} days of history, got ${(warmUpMs / 86_400_000).toFixed(1)}`);
  if (steps > 2 * longest) throw new RangeError('history: expected series of about the same time; they lie further apart than the longest is long');
  const instances = loads.map((load, i): SimulatedInstance => {
    const offset = offsets[i] as number;
    const demandOf = (values: RecordedLoad['values'], whole: number): Float64Array => {
      const demand = new Float64Array(steps).fill(NaN);
      const full = unit === 'percent' ? 100 : scaleOf(values, firstStep - offset);
      values.forEach((value, k) => {
        if (value !== null) demand[offset + k] = (Math.max(0, value) / full) * whole;
      });
      return demand;
    };
    const { id, service, slaClass, shape, values, memory } = load;
    return { id, service, slaClass, shape, demandVcpus: demandOf(values, shape.vcpus), demandMemoryMiB: memory === undefined ? null : demandOf(memory, shape.memoryMiB) };
  });
  return {
    instances,
    startAtMs,
    stepMs,
    firstStep,
    metricDelaySteps: DELAY_STEPS,
    shapes,
    families,
    estimate: estimateMove(policy.durations, 0, policy.transferBytesPerSecond),
    limitPercent: policy.sizing.limitPercent.cpu,
    pingPongMs: PING_PONG_MS,
  };
}

/** What counts as the whole of the shape, in the load's own unit, by what was seen before the replay begins. */
function scaleOf(values: RecordedLoad['values'], knownSteps: number): number {
  const seen = Float64Array.from(values.slice(0, Math.max(1, knownSteps)).filter((value) => value !== null)).sort();
  const high = seen.length === 0 ? 0 : quantileOfSorted(seen, SCALED_QUANTILE);
  return high > 0 ? (high * 100) / SCALED_TO_PERCENT : 1;
}
