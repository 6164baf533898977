import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { findOrphans } from '../check/find-orphans';
import type { CaseOutcome } from './run-case';
import type { World } from './world';

interface Run {
  readonly outcomes: readonly CaseOutcome[];
  readonly seconds: number;
  readonly json: boolean;
}

/** Prints what the run came to; sets the exit code. */
export async function summarize(world: World, { outcomes, seconds, json }: Run): Promise<void> {
  const verdict = await world.audit.verify();
  const violated = outcomes.filter(({ violations }) => violations.length > 0);
  const met = outcomes.filter(({ strikes }) => strikes > 0);
  const { sent, failed } = world.traffic;
  const orphans = await findOrphans(world, world.before, outcomes.flatMap(({ left }) => left));
  const facts = {
    cases: outcomes.length,
    distinct: new Set(met.map(({ name }) => name)).size,
    notMet: outcomes.length - met.length,
    violated: violated.length,
    orphans: orphans.length,
    requests: sent,
    failedRequests: failed,
    auditRecords: verdict.records,
    auditIntact: verdict.intact,
    outages: world.outages.records.length,
    crashes: world.outages.crashes.length,
    longestHistory: Math.max(0, ...outcomes.map(({ historyEvents }) => historyEvents)),
    seconds: Math.round(seconds),
    load: loadavg().map((one) => Number(one.toFixed(1))),
  };
  for (const crash of world.outages.crashes) console.error(`the worker ended by itself:\n${crash}`);
  for (const orphan of orphans) console.error(`an orphan: ${orphan}`);
  if (violated.length > 0 || orphans.length > 0 || facts.crashes > 0 || !verdict.intact || outcomes.length === 0) process.exitCode = 1;
  if (json) {
    console.log(JSON.stringify({ ...facts, outcomes: outcomes.map(({ seen: _, ...rest }) => rest) }, null, 1));
    return;
  }
  const table = new Table({ head: ['fault', 'cases', 'held', 'not met', 'violated', 'ended'], style: { head: [], border: [] } });
  for (const [fault, ones] of byFault(outcomes)) {
    const kinds = kindsOf(ones);
    table.push([fault, ones.length, ones.filter((one) => one.strikes > 0 && one.violations.length === 0).length, ones.filter((one) => one.strikes === 0).length, ones.filter((one) => one.violations.length > 0).length, kinds.join(', ')]);
  }
  console.log(table.toString());
  for (const { name, violations } of violated) for (const { expected, found } of violations) console.log(`${name}: expected ${expected}; found ${found}`);
  console.log(JSON.stringify(facts));
}

function byFault(outcomes: readonly CaseOutcome[]): ReadonlyMap<string, readonly CaseOutcome[]> {
  const groups = new Map<string, CaseOutcome[]>();
  for (const one of outcomes) {
    const fault = one.name.split('/').at(-1) ?? '';
    groups.set(fault, [...(groups.get(fault) ?? []), one]);
  }
  return groups;
}

function kindsOf(outcomes: readonly CaseOutcome[]): readonly string[] {
  return [...new Set(outcomes.map(({ ended }) => ended))].map((kind) => `${kind} ${outcomes.filter(({ ended }) => ended === kind).length}`);
}
