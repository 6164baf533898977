import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { findOrphans } from '../check/find-orphans';
import type { CaseOutcome } from './run-case';
import type { World } from './world';

/** What one world was like when its cases were over, whatever each of them came to. */
export interface Aftermath {
  readonly outcomes: readonly CaseOutcome[];
  readonly orphans: readonly string[];
  readonly requests: number;
  readonly failedRequests: number;
  readonly auditRecords: number;
  readonly isAuditIntact: boolean;
  readonly outages: number;
  /** What the worker said last, each time that it ended by itself. */
  readonly crashes: readonly string[];
}

/** Looks at all of a world once its cases are over. */
export async function lookAround(world: World, outcomes: readonly CaseOutcome[]): Promise<Aftermath> {
  const { records, intact } = await world.audit.verify();
  const orphans = await findOrphans(world, world.before, outcomes.flatMap(({ left }) => left));
  for (const orphan of orphans) console.error(`an orphan: ${orphan}`);
  for (const crash of world.outages.crashes) console.error(`the worker ended by itself:\n${crash}`);
  const { sent, failed } = world.traffic;
  return { outcomes, orphans, requests: sent, failedRequests: failed, auditRecords: records, isAuditIntact: intact, outages: world.outages.records.length, crashes: world.outages.crashes };
}

/** Prints what the run came to in all of its worlds; sets the exit code. */
export function summarize(worlds: readonly Aftermath[], { seconds, json }: { readonly seconds: number; readonly json: boolean }): void {
  const outcomes = worlds.flatMap((one) => one.outcomes);
  const violated = outcomes.filter(({ violations }) => violations.length > 0);
  const held = outcomes.filter(({ strikes, violations }) => strikes > 0 && violations.length === 0);
  const sum = (count: (one: Aftermath) => number): number => worlds.reduce((total, one) => total + count(one), 0);
  const facts = {
    cases: outcomes.length,
    held: new Set(held.map(({ name }) => name)).size,
    notMet: outcomes.filter(({ strikes, violations }) => strikes === 0 && violations.length === 0).length,
    violated: violated.length,
    orphans: sum(({ orphans }) => orphans.length),
    requests: sum(({ requests }) => requests),
    failedRequests: sum(({ failedRequests }) => failedRequests),
    auditRecords: sum(({ auditRecords }) => auditRecords),
    auditIntact: worlds.every(({ isAuditIntact }) => isAuditIntact),
    outages: sum(({ outages }) => outages),
    crashes: sum(({ crashes }) => crashes.length),
    worlds: worlds.length,
    longestHistory: Math.max(0, ...outcomes.map(({ historyEvents }) => historyEvents)),
    seconds: Math.round(seconds),
    load: loadavg().map((one) => Number(one.toFixed(1))),
  };
  if (facts.violated > 0 || facts.orphans > 0 || facts.crashes > 0 || !facts.auditIntact || outcomes.length === 0) process.exitCode = 1;
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
