import { usdPerHour } from '../../../src/adapters/aws/price-snapshot';
import type { FleetPlanPolicy } from '../../../src/domain/fleet-plan/plan-policy';
import { createRandomStream, nextNormal } from '../../../src/domain/seeded-random';
import { familyOf, type Shape } from '../../../src/domain/shape';
import { readTraces, type TrainingSeries } from '../../../src/forecasting/training/read-traces';
import { buildFleetCase, type RecordedLoad } from '../../../src/simulation/fleet/build-case';
import type { FleetCase } from '../../../src/simulation/fleet/fleet-case';

const STEP_MS = 300_000;
const DAY_MS = 86_400_000;
const WARM_UP_DAYS = 14;
const SIZES = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge'];
const START = 'm7i.2xlarge';
const GIB_A_VCPU: Readonly<Record<string, number>> = { c7i: 2, m7i: 4, r7i: 8 };

/** A family of recorded load as a fleet to replay; `resources` says what was recorded of each member. */
export interface TraceCase {
  readonly name: string;
  readonly resources: 'CPU' | 'CPU and memory';
  readonly fleet: FleetCase;
}

export interface CaseLimits {
  readonly seriesAtMost: number;
  readonly replayDays: number;
}

/** Series of 5 minutes by family; where CPU and memory of one machine were recorded, both, and then it may become any shape of three families. */
export function traceCases(data: string, policy: FleetPlanPolicy, limits: CaseLimits): TraceCase[] {
  const traces = readTraces(data).filter(({ stepSeconds }) => stepSeconds * 1000 === STEP_MS);
  const families = [...new Set(traces.map(({ family }) => family))];
  return families.flatMap((family): TraceCase[] => {
    const own = traces.filter((one) => one.family === family);
    const pairs = own.flatMap((one) => pairOf(one, own));
    if (pairs.length > 0) return [{ name: family, resources: 'CPU and memory', fleet: caseOf(pairs, Object.keys(GIB_A_VCPU), policy, limits) }];
    const loads = own.filter(isLoad).map((one) => loadOf(one, null));
    return loads.length === 0 ? [] : [{ name: family, resources: 'CPU', fleet: caseOf(loads, [familyOf(START)], policy, limits) }];
  });
}

/** Latencies and bytes written say little of CPU; the anonymous and the counted series stand for a load in units of their own. */
function isLoad({ id }: TrainingSeries): boolean {
  return !/latency|disk_write|network_in/.test(id);
}

const MEMORY_OF_CPU: readonly (readonly [RegExp, string])[] = [
  [/_cpu$/, '_mem'],
  [/_cpu_util_percent$/, '_mem_util_percent'],
  [/_cpu_usage$/, '_assigned_mem'],
];

function pairOf(cpu: TrainingSeries, all: readonly TrainingSeries[]): RecordedLoad[] {
  return MEMORY_OF_CPU.flatMap(([pattern, name]) => {
    const memory = pattern.test(cpu.id) ? all.find(({ id }) => id === cpu.id.replace(pattern, name)) : undefined;
    return memory === undefined ? [] : [loadOf(cpu, memory)];
  });
}

function loadOf({ id, entity, values }: TrainingSeries, memory: TrainingSeries | null): RecordedLoad {
  const shape = shapesOf([familyOf(START)]).find(({ name }) => name === START) as Shape;
  return { id, service: entity, slaClass: 'standard', shape, startAtMs: 0, values, ...(memory === null ? {} : { memory: memory.values }) };
}

function caseOf(loads: readonly RecordedLoad[], families: readonly string[], policy: FleetPlanPolicy, { seriesAtMost, replayDays }: CaseLimits): FleetCase {
  const some = loads.slice(0, seriesAtMost);
  const shortest = Math.min(...some.map(({ values }) => values.length));
  const warmUpMs = Math.min(WARM_UP_DAYS * DAY_MS, Math.floor(shortest / 2) * STEP_MS);
  const steps = Math.round((warmUpMs + replayDays * DAY_MS) / STEP_MS);
  const cut = some.map(({ values, memory, ...load }) => ({ ...load, values: values.slice(0, steps), ...(memory === undefined ? {} : { memory: memory.slice(0, steps) }) }));
  return spread(buildFleetCase(cut, { stepMs: STEP_MS, warmUpMs, unit: 'scaled', shapes: shapesOf(families), families: 'any', policy }));
}

/** Sizes double, loads do not care: without this every load would fill its first shape to the same part, and whatever rule keeps that shape would look best. */
function spread(fleet: FleetCase): FleetCase {
  const random = createRandomStream(11);
  return {
    ...fleet,
    instances: fleet.instances.map((instance) => {
      const [cpu, memory] = [2 ** (random() - 0.5), 2 ** (random() - 0.5)];
      return { ...instance, demandVcpus: instance.demandVcpus.map((value) => value * cpu), demandMemoryMiB: instance.demandMemoryMiB?.map((value) => value * memory) ?? null };
    }),
  };
}

/** Load that calls for nothing: on each size, a steady use with normal noise. */
export const FLAT = { instances: 6, days: 4, percent: 55, noisePercent: 4 } as const;

export function flatCase(policy: FleetPlanPolicy): FleetCase {
  const random = createRandomStream(7);
  const shapes = shapesOf([familyOf(START)]);
  const loads = Array.from({ length: FLAT.instances }, (_, i): RecordedLoad => ({
    id: `flat-${i}`,
    service: 'flat',
    slaClass: 'standard',
    shape: shapes[1 + (i % (shapes.length - 2))] as Shape,
    startAtMs: 0,
    values: Array.from({ length: ((WARM_UP_DAYS + FLAT.days) * DAY_MS) / STEP_MS }, () => Math.max(0, FLAT.percent + FLAT.noisePercent * nextNormal(random))),
  }));
  return buildFleetCase(loads, { stepMs: STEP_MS, warmUpMs: WARM_UP_DAYS * DAY_MS, unit: 'percent', shapes, policy });
}

function shapesOf(families: readonly string[]): Shape[] {
  return families.flatMap((family) =>
    SIZES.map((size, i) => ({
      name: `${family}.${size}`,
      family,
      vcpus: 2 ** (i + 1),
      memoryMiB: 2 ** (i + 1) * (GIB_A_VCPU[family] as number) * 1024,
      networkGbps: 12.5,
      architecture: 'x86_64',
      usdPerHour: usdPerHour(`${family}.${size}`) ?? 0,
    })),
  );
}
