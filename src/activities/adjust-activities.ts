import type { AdjustActivities, AdjustmentMemory, SeenInstance, ShapeLook } from '../contracts/adjust-shape';
import { businessFailure, nullIfNotFound } from '../contracts/errors';
import { FLEET_TAG, OWNER_TAG, REPLACES_TAG } from '../contracts/workflow-ids';
import type { FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import { usualMoveUsd } from '../domain/fleet-plan/usual-move-usd';
import { byMetric } from '../domain/forecast';
import { serviceOf } from '../domain/service-of';
import { familyOf, type Shape } from '../domain/shape';
import { DEFAULT_ADJUSTMENT_POLICY, withTradeoff } from '../domain/shapes/adjustment/adjustment-policy';
import type { ObservedUse } from '../domain/shapes/adjustment/decide-adjustment';
import { beyond, decideWithinBudget, type ShapeBudget } from '../domain/shapes/adjustment/decide-within-budget';
import { expectedUse, learnFromUse } from '../domain/shapes/adjustment/expected-use';
import { estimateMove } from '../domain/sizing/move-estimate';
import { slaClassOf } from '../domain/sla-class-of';
import type { TrafficBinding } from '../domain/source-snapshot';
import type { BalancerPort } from './balancer-port';
import type { ComputePort, InstanceFacts } from './compute-port';
import { volumeBytes } from './fleet-facts';
import { forecastHistories, saveForecast } from './forecast-loads';
import type { MetricSeries } from './metrics-port';
import type { PlanDependencies } from './plan-dependencies';
import type { ResizeRecordPort } from './resize-record-port';

export interface AdjustDependencies extends Omit<PlanDependencies, 'compute' | 'balancer'> {
  readonly compute: Pick<ComputePort, 'describe' | 'shape' | 'compatibleShapes' | 'listTagged' | 'changeShape'>;
  readonly balancer: Pick<BalancerPort, 'bindingsOf'>;
  readonly resizes: ResizeRecordPort;
}

/** What is looked back on for thresholds and for learning. */
const OBSERVED_STEPS = 12;

/** Forecasts single instances, decides their shapes, and changes the type of a stopped one. */
export function createAdjustActivities(deps: AdjustDependencies): Omit<AdjustActivities, 'enqueueMoves'> {
  const { compute } = deps;
  return {
    async weighShape({ instanceId, memory, tradeoff, shapes, budget }): Promise<ShapeLook> {
      const facts = await compute.describe(instanceId).catch(nullIfNotFound);
      if (facts === null || facts.state === 'terminated' || facts.state === 'shutting-down') return { kind: 'gone', replacementId: await replacementOf(compute, instanceId) };
      if (facts.state !== 'running') return { kind: 'busy', reason: `it is ${facts.state}` };
      if (facts.tags[OWNER_TAG] !== undefined) return { kind: 'busy', reason: `it is the shadow of ${facts.tags[OWNER_TAG]}` };
      return weigh(deps, facts, memory, { tradeoff, shapes, budget });
    },
    async inspectForResize({ instanceId, shape, budget }) {
      const facts = await compute.describe(instanceId);
      if (facts.state !== 'running') throw businessFailure('Conflict', `instance ${instanceId} is ${facts.state}; only a running instance can be resized`);
      const own = facts.tags[OWNER_TAG];
      if (own !== undefined) throw businessFailure('Conflict', `instance ${instanceId} is the shadow of ${own}`);
      const target = (await compute.compatibleShapes(facts.shape)).find(({ name }) => name === shape);
      if (target === undefined) throw businessFailure('InvalidInput', `shape is "${shape}"; expected an instance type that can take the place of ${facts.shape}`);
      const bindings = await deps.balancer.bindingsOf(instanceId);
      const last = bindings.find(({ healthyOthers }) => healthyOthers === 0);
      if (last !== undefined) throw businessFailure('Conflict', `instance ${instanceId} is the last healthy target of ${last.targetGroupName}; it cannot be stopped`);
      const present = await compute.shape(facts.shape);
      // Nothing runs twice.
      const cost = { usdPerHourBefore: present.usdPerHour, usdPerHourAfter: target.usdPerHour, oneOffUsd: 0 };
      const over = beyond({ kind: 'adjust', direction: 'up', means: 'in-place', reason: '', target, ...cost }, budget);
      if (over !== null) throw businessFailure('BudgetExceeded', over);
      return { ...seenOf(facts, present, bindings, deps.policy), cost };
    },
    recallResize: ({ workflowId }) => deps.resizes.unfinished(workflowId),
    async isRunningAs({ instanceId, shape }) {
      const facts = await compute.describe(instanceId);
      return facts.state === 'running' && facts.shape === shape;
    },
    async changeShape({ instanceId, shape }) {
      if ((await compute.describe(instanceId)).shape !== shape) await compute.changeShape(instanceId, shape);
    },
  };
}

interface Wish {
  readonly tradeoff: number;
  readonly shapes: readonly string[] | null;
  readonly budget: ShapeBudget;
}

async function weigh(deps: AdjustDependencies, facts: InstanceFacts, { state, expected }: AdjustmentMemory, { tradeoff, shapes: allowed, budget }: Wish): Promise<ShapeLook> {
  const { instanceId } = facts;
  const nowMs = deps.now();
  const present = await deps.compute.shape(facts.shape);
  const slaClass = slaClassOf(facts.tags);
  const base = withTradeoff(DEFAULT_ADJUSTMENT_POLICY, tradeoff);
  const bindings = await deps.balancer.bindingsOf(instanceId);
  const instance = seenOf(facts, present, bindings, deps.policy);
  // The last healthy instance of a service is never stopped; without a balancer nobody knows how many there are.
  const mayStop = bindings.length > 0 && bindings.every(({ healthyOthers }) => healthyOthers > 0);
  const policy = mayStop ? base : { ...base, inPlaceAllowed: { critical: false, standard: false, relaxed: false } };
  const { series, forecasts } = await forecastHistories(deps, [{ instanceId, service: instance.service }], policy.sizing.horizonMs, nowMs);
  const observed = observedOf(series);
  const fits = (shape: Shape): boolean => (allowed === null ? shape.family === familyOf(present.name) : allowed.includes(shape.name));
  const sizes = await volumeBytes(deps.disks, facts.volumes.map(({ volumeId }) => volumeId));
  const stateBytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const { decision, state: next, beyondBudget } = decideWithinBudget({
    forecasts: byMetric(forecasts),
    observed,
    present,
    candidates: (await deps.compute.compatibleShapes(present.name)).filter(fits),
    slaClass,
    burst: (await deps.burst.creditsOf([facts], nowMs)).get(instanceId) ?? null,
    estimate: estimateMove(deps.policy.durations, stateBytes, deps.policy.transferBytesPerSecond),
    state: expected === null ? state : learnFromUse(state, expected, observed, policy),
    policy,
    nowMs,
  }, budget);
  for (const forecast of forecasts) await saveForecast(deps.forecasts, forecast, instance.service);
  return { kind: 'weighed', decision, instance, beyondBudget, memory: { state: next, expected: expectedUse(byMetric(forecasts), policy.errorLevel) } };
}

function seenOf({ instanceId, tags, zone, hostId, shape: shapeName }: InstanceFacts, shape: Shape, bindings: readonly TrafficBinding[], policy: FleetPlanPolicy): SeenInstance {
  const slaClass = slaClassOf(tags);
  return {
    name: tags['Name'] ?? instanceId,
    service: serviceOf(tags),
    fleet: tags[FLEET_TAG] ?? null,
    zone,
    shape: shapeName,
    targets: bindings.map(({ targetGroupArn, port }) => ({ targetGroupArn, port })),
    move: { slaClass, sourcePool: hostId ?? zone, costUsd: usualMoveUsd(shape, slaClass, policy) },
  };
}

/** The instance that a migration put in its place. */
async function replacementOf(compute: Pick<ComputePort, 'listTagged'>, instanceId: string): Promise<string | null> {
  const [replacement] = await compute.listTagged(REPLACES_TAG, instanceId);
  return replacement?.instanceId ?? null;
}

/** The newest values, CPU and memory of a step together. */
function observedOf(series: readonly MetricSeries[]): ObservedUse[] {
  const of = (metric: MetricSeries['metric']): MetricSeries | undefined => series.find((one) => one.metric === metric);
  const grid = of('cpuPercent') ?? of('memoryPercent');
  if (grid === undefined) return [];
  const first = Math.max(0, grid.values.length - OBSERVED_STEPS);
  return grid.values.slice(first).flatMap((_, i) => {
    const [cpuPercent, memoryPercent] = [of('cpuPercent')?.values[first + i] ?? null, of('memoryPercent')?.values[first + i] ?? null];
    return cpuPercent === null && memoryPercent === null ? [] : [{ atMs: grid.startAtMs + (first + i + 1) * grid.stepMs, cpuPercent, memoryPercent }];
  });
}
