import type { FleetInstance } from '../../../src/domain/fleet-plan/fleet-instance';
import type { FleetSnapshot, Pool } from '../../../src/domain/fleet-plan/fleet-snapshot';
import { DEFAULT_PLAN_POLICY } from '../../../src/domain/fleet-plan/plan-policy';
import { weighInstance, type WeighedInstance } from '../../../src/domain/fleet-plan/weigh-instance';
import type { ForecastsByMetric, ResourceForecast } from '../../../src/domain/forecast';
import { createRandomStream } from '../../../src/domain/seeded-random';
import type { Shape } from '../../../src/domain/shape';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const LEVELS: readonly number[] = [...Array.from({ length: 19 }, (_, i) => (i + 1) / 20), 0.975, 0.99, 0.995, 0.998];

export const SHAPES: readonly Shape[] = ['large', 'xlarge', '2xlarge', '4xlarge'].map((size, i) => ({
  name: `m7i.${size}`,
  family: 'm7i',
  vcpus: 2 * 2 ** i,
  memoryMiB: 8192 * 2 ** i,
  networkGbps: 12.5,
  architecture: 'x86_64',
  usdPerHour: 0.1 * 2 ** i,
}));

export const shapeNamed = (name: string): Shape => SHAPES.find((shape) => shape.name === name) as Shape;

/** CPU percent around a middle that may change over the day, give or take a spread. */
export function cpuForecast(middle: (step: number) => number, spread = 5, steps = 288): ResourceForecast {
  const row = (step: number): number[] => LEVELS.map((level) => Math.max(0, middle(step) + spread * 2 * (level - 0.5)));
  const quantiles = Array.from({ length: steps }, (_, step) => row(step));
  return {
    subject: { kind: 'instance', instanceId: 'i-0' },
    metric: 'cpuPercent',
    unit: 'percent',
    issuedAtMs: 0,
    stepMs: 5 * MINUTE,
    horizonMs: steps * 5 * MINUTE,
    levels: LEVELS,
    quantiles,
    mean: Array.from({ length: steps }, (_, step) => middle(step)),
    peak: LEVELS.map((_, i) => Math.max(...quantiles.map((values) => values[i] as number))),
    origin: { model: 'generated', version: '1', digest: 'd' },
  };
}

export function facts(id: string, change: Partial<FleetInstance> = {}): FleetInstance {
  return {
    instanceId: id,
    name: id,
    fleet: 'shop',
    service: `service-of-${id}`,
    slaClass: 'standard',
    zone: 'us-east-1a',
    poolId: 'us-east-1a',
    shape: shapeNamed('m7i.xlarge'),
    dependencies: [],
    unhealthy: false,
    stateBytes: 10e9,
    burst: null,
    lastMove: null,
    migrating: false,
    pinned: null,
    ...change,
  };
}

export function instance(id: string, change: Partial<FleetInstance> = {}, forecasts: ForecastsByMetric = { cpuPercent: cpuForecast(() => 60) }, policy = DEFAULT_PLAN_POLICY): WeighedInstance {
  return weighInstance(facts(id, change), forecasts, SHAPES, policy, 0);
}

export function zone(poolId: string, change: Partial<Pool> = {}): Pool {
  return { poolId, kind: 'zone', zone: poolId, fleet: null, capacityVcpus: null, freeVcpus: null, offeredShapes: SHAPES.map(({ name }) => name), isolated: null, ...change };
}

export function snapshot(instances: readonly WeighedInstance[], pools: readonly Pool[] = [zone('us-east-1a'), zone('us-east-1b')]): FleetSnapshot {
  return { atMs: 0, instances, pools };
}

/** Instances of many services on zones and hosts, seeded: about a third of them idle, a third busy, a third with a peak to come. Each is made when it is asked for: ten thousand forecasts fit nowhere at once. */
export class RandomFleet {
  readonly pools: readonly Pool[];
  private readonly random: () => number;

  constructor(
    readonly count: number,
    seed: number,
  ) {
    this.random = createRandomStream(seed);
    const hosts = Array.from({ length: Math.ceil(count / 50) }, (_, i) =>
      zone(`host-${i}`, { kind: 'host', zone: i % 2 === 0 ? 'us-east-1a' : 'us-east-1b', capacityVcpus: 96, isolated: this.random() < 0.02 ? 'scheduled for retirement' : null }),
    );
    this.pools = [zone('us-east-1a'), zone('us-east-1b'), ...hosts];
  }

  *instances(): Generator<{ readonly facts: FleetInstance; readonly forecasts: ForecastsByMetric }> {
    const { random, pools, count } = this;
    for (let i = 0; i < count; i++) {
      const base = 5 + random() * 90;
      const swing = random() < 0.33 ? random() * 60 : 0;
      const phase = random() * 288;
      const pool = pools[Math.floor(random() * pools.length)] ?? zone('us-east-1a');
      const made = facts(`i-${String(i).padStart(6, '0')}`, {
        service: `service-${Math.floor(random() * (count / 4 + 1))}`,
        slaClass: random() < 0.2 ? 'critical' : random() < 0.5 ? 'standard' : 'relaxed',
        zone: pool.zone,
        poolId: pool.poolId,
        shape: SHAPES[Math.floor(random() * SHAPES.length)] ?? shapeNamed('m7i.large'),
        dependencies: random() < 0.3 ? [`database-${Math.floor(random() * 20)}`] : [],
        stateBytes: random() * 400e9,
        pinned: random() < 0.03 ? 'termination protection' : null,
        migrating: random() < 0.01,
        lastMove: random() < 0.1 ? { endedAtMs: -random() * 30 * HOUR, fromPoolId: 'us-east-1b', fromShape: 'm7i.large' } : null,
      });
      yield { facts: made, forecasts: random() < 0.02 ? {} : { cpuPercent: cpuForecast((step) => base + swing * Math.sin((2 * Math.PI * (step + phase)) / 288), 3 + random() * 15) } };
    }
  }
}

/** A whole random fleet, weighed. */
export function randomFleet(count: number, seed: number): FleetSnapshot {
  const fleet = new RandomFleet(count, seed);
  return snapshot([...fleet.instances()].map((one) => weighInstance(one.facts, one.forecasts, SHAPES, DEFAULT_PLAN_POLICY, 0)), fleet.pools);
}
