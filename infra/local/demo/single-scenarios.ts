import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadRun } from '../load/load-generator';
import { combined, startLoads, REQUESTS_PER_SECOND } from './demo-load';
import { leftOver, takeInventory } from './inventory';
import type { ScenarioContext } from './scenario';
import type { ScenarioOutcome } from './scenario-outcome';
import { preallocate } from './capacity/preallocate-scenario';
import { provision } from './capacity/provision-scenario';
import { resize } from './capacity/resize-scenario';
import { scale } from './capacity/scale-scenario';
import { moveState } from './stateful/move-state-scenario';

/** What is told alone, on request. */
export type SingleScenarioName = 'provision' | 'preallocate' | 'scale' | 'resize' | 'state';

export interface SingleReport extends ScenarioOutcome {
  readonly name: SingleScenarioName;
}

const SCENARIOS: Readonly<Record<SingleScenarioName, (context: ScenarioContext) => Promise<ScenarioOutcome>>> = { provision, preallocate, scale, resize, state: moveState };
const QUIET_MS = 4_000;

export function isSingleScenario(name: string): name is SingleScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

/** Runs a scenario while clients keep asking; what failed where nothing may fail, and what is left over, are violations. */
export async function runSingleScenario(name: SingleScenarioName, context: ScenarioContext): Promise<SingleReport> {
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

export function describeSingleReport({ facts, violations }: SingleReport): string[] {
  return [...facts.map((fact) => `  ${fact}`), `  ${violations.length === 0 ? '✓ it held' : '✗ it did not hold'}\n`];
}

function failuresOf(loads: readonly LoadRun[], mayFail: ScenarioOutcome['mayFail']): { outside: number; inside: number; sentInside: number; first: string } {
  const all = combined(loads, 0, Number.POSITIVE_INFINITY);
  const spans = mayFail.map(([from, to]) => combined(loads, from, to));
  const inside = spans.reduce((sum, { failed }) => sum + failed, 0);
  const first = all.firstFailures.filter(({ atMs }) => !mayFail.some(([from, to]) => atMs >= from && atMs < to)).map(({ atMs, outcome }) => `${new Date(atMs).toISOString()} ${String(outcome)}`);
  return { outside: all.failed - inside, inside, sentInside: spans.reduce((sum, { sent }) => sum + sent, 0), first: first.slice(0, 5).join('; ') };
}
