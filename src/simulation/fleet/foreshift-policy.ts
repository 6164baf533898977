import { sizeInstance } from '../../domain/sizing/size-instance';
import type { SizingPolicy } from '../../domain/sizing/sizing-policy';
import type { DemandForecasts } from './demand-forecasts';
import type { FleetPolicy, MoveOrder } from './replay';

export interface ForeshiftSettings {
  readonly sizing: SizingPolicy;
  readonly cooldownMs: number;
}

/** The product's own decision on forecasts of what was known. */
export function createForeshiftPolicy(forecasts: DemandForecasts, { sizing, cooldownMs }: ForeshiftSettings): FleetPolicy {
  return {
    name: 'foreshift',
    async decide({ fleet, runs, knownSteps, nowMs }) {
      const orders: MoveOrder[] = [];
      for (const [index, run] of runs.entries()) {
        if (run.moving) continue;
        const forecast = await forecasts.latest(index, knownSteps, run.serving.vcpus);
        if (forecast === null) continue;
        const decision = sizeInstance({
          forecasts: { cpuPercent: forecast },
          present: run.serving,
          candidates: fleet.shapes,
          slaClass: run.instance.slaClass,
          estimate: fleet.estimate,
          restsUntilMs: run.lastMoveEndedAtMs + cooldownMs,
          cooldownMs,
          policy: sizing,
          nowMs,
        });
        if (decision.kind === 'resize' && decision.startAtMs <= nowMs) orders.push({ index, target: decision.target });
      }
      return orders;
    },
  };
}
