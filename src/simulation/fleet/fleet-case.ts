import type { SlaClass } from '../../domain/queue/move-request';
import type { Shape } from '../../domain/shape';
import type { MoveEstimate } from '../../domain/sizing/move-estimate';

/** One instance of the replayed fleet: what was asked of it at every step, whatever it ran on. */
export interface SimulatedInstance {
  readonly id: string;
  readonly service: string;
  readonly slaClass: SlaClass;
  /** In vCPUs, one a step; NaN where nothing was measured: then nothing is counted. */
  readonly demandVcpus: Float64Array;
  /** In MiB, one a step; null where memory was not recorded and does not count. */
  readonly demandMemoryMiB: Float64Array | null;
  readonly shape: Shape;
}

/** A recorded fleet and the physics of moving its instances; the same for every policy that is tried on it. */
export interface FleetCase {
  readonly instances: readonly SimulatedInstance[];
  readonly startAtMs: number;
  readonly stepMs: number;
  /** The replay begins here: steps before are history that every policy knows. */
  readonly firstStep: number;
  /** CloudWatch's newest value is so many steps old. */
  readonly metricDelaySteps: number;
  readonly shapes: readonly Shape[];
  /** Whether an instance stays within its family, or may become any of the shapes. */
  readonly families: 'own' | 'any';
  readonly estimate: MoveEstimate;
  /** Utilization, of CPU or of memory, above which an instance counts as overloaded. */
  readonly limitPercent: number;
  /** A return to the shape before within this time is a ping-pong. */
  readonly pingPongMs: number;
}
