import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadRun } from '../../load/load-generator';
import { combined, startLoads, REQUESTS_PER_SECOND } from '../demo-load';
import { leftOver, takeInventory } from '../inventory';
import type { ScenarioContext } from '../scenario';
import type { CapacityOutcome } from './capacity-outcome';
import { preallocate } from './preallocate-scenario';
import { provision } from './provision-scenario';
import { resize } from './resize-scenario';
import { scale } from './scale-scenario';

export type CapacityScenarioName = 'provision' | 'preallocate' | 'scale' | 'resize';

export interface CapacityReport extends CapacityOutcome {
  readonly name: CapacityScenarioName;
}

const SCENARIOS: Readonly<Record<CapacityScenarioName, (context: ScenarioContext) => Promise<CapacityOutcome>>> = { provision, preallocate, scale, resize };
const QUIET_MS = 4_000;

export function isCapacityScenario(name: string): name is CapacityScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

/** Runs a scenario while clients keep asking; what failed where nothing may fail, and what is left over, are violations. */
export async function runCapacityScenario(name: CapacityScenarioName, context: ScenarioContext): Promise<CapacityReport> {
  const { endpoint, aws, fleet, say } = context;
  const before = await takeInventory(endpoint, aws.elb);
  const loads = startLoads(fleet.url);
  try {
    await sleep(QUIET_MS);
    say(`${REQUESTS_PER_SECOND} requests/s run`);
    const outcome = await SCENARIOS[name](context);
    await sleep(QUIET_MS);
    const summaries = await Promise.all(loads.map((load) => load.stop()));
    const requests = summaries.reduce((sum, { started }) => sum + started, 0);
    const failed = failuresOf(loads, outcome.mayFail);
    const left = leftOver(before, await takeInventory(endpoint, aws.elb), outcome.meantToStay);
    return {
      name,
      ...outcome,
      facts: [...outcome.facts, `${requests} requests: ${failed.outside} failed${outcome.mayFail.length > 0 ? `, and ${failed.inside} of ${failed.sentInside} in the spans in which some may` : ''}`, `left over: ${left.length}`],
      violations: [
        ...outcome.violations,
        ...(failed.outside > 0 ? [`${failed.outside} requests failed: ${failed.first}`] : []),
        ...(left.length > 0 ? [`left over: ${left.join(', ')}`] : []),
      ],
    };
  } finally {
    await Promise.allSettled(loads.map((load) => load.stop()));
  }
}

export function describeCapacityReport({ facts, violations }: CapacityReport): string[] {
  return [...facts.map((fact) => `  ${fact}`), `  ${violations.length === 0 ? '✓ it held' : '✗ it did not hold'}\n`];
}

function failuresOf(loads: readonly LoadRun[], mayFail: CapacityOutcome['mayFail']): { outside: number; inside: number; sentInside: number; first: string } {
  const all = combined(loads, 0, Number.POSITIVE_INFINITY);
  const spans = mayFail.map(([from, to]) => combined(loads, from, to));
  const inside = spans.reduce((sum, { failed }) => sum + failed, 0);
  const first = all.firstFailures.filter(({ atMs }) => !mayFail.some(([from, to]) => atMs >= from && atMs < to)).map(({ atMs, outcome }) => `${new Date(atMs).toISOString()} ${String(outcome)}`);
  return { outside: all.failed - inside, inside, sentInside: spans.reduce((sum, { sent }) => sum + sent, 0), first: first.slice(0, 5).join('; ') };
}
