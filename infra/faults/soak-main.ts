import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandomStream } from '../../src/domain/seeded-random';
import { UNIT_MS } from '../../src/domain/unit-ms';
import { check } from '../bench/check';
import type { FaultCase } from './cases/fault-case';
import { makeCases } from './cases/fault-case';
import { MIGRATION_SCENARIOS } from './cases/migration-scenarios';
import { findOrphans } from './check/find-orphans';
import { discover } from './run/discover';
import { rssOf, slopeBytesPerHour, type MemorySample } from './run/memory';
import type { CaseOutcome } from './run/run-case';
import { runOnSlot } from './run/run-cases';
import { withWorld, type World } from './run/world';

/** Histories of moves with a fault: far from where Temporal warns (10,240 events). */
const MOST_EVENTS = 2_000;
const LOOK_EVERY_MS = 5_000;
/** The first part of a run warms caches up and says nothing about a leak. */
const WARM_UP_SHARE = 0.25;
/** An hour's growth that would take months to fill a worker of 1 GiB if it were a leak: 5 % of it. */
const MOST_GROWTH_BYTES_PER_HOUR = 53_687_091;

/** Begins a migration every few seconds, each with a fault drawn by the seed, under traffic. The exit code is 1 where anything is violated. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string', default: '1' }, every: { type: 'string', default: '6s' }, parallel: { type: 'string', default: '12' } },
  });
  const lastsMs = spanMs(positionals[0] ?? '30m');
  const everyMs = spanMs(values.every);
  await withWorld('soak', 1, async (world) => {
    const { scenarios } = await discover(world, MIGRATION_SCENARIOS);
    // What ends the worker or the server would end what is measured.
    const cases = makeCases(scenarios).filter(({ fault }) => fault.strike.kind !== 'outage');
    const memory = watchMemory(world);
    const outcomes = await keepMoving(world, cases, { lastsMs, everyMs, parallel: Number(values.parallel), seed: Number(values.seed) });
    await report(world, outcomes, memory.stop(), lastsMs);
  });
}

interface Pace {
  readonly lastsMs: number;
  readonly everyMs: number;
  readonly parallel: number;
  readonly seed: number;
}

async function keepMoving(world: World, cases: readonly FaultCase[], { lastsMs, everyMs, parallel, seed }: Pace): Promise<readonly CaseOutcome[]> {
  const random = createRandomStream(seed);
  const outcomes: CaseOutcome[] = [];
  const running = new Set<Promise<void>>();
  for (const endsAtMs = Date.now() + lastsMs; Date.now() < endsAtMs; await sleep(everyMs)) {
    const drawn = cases[Math.floor(random() * cases.length)];
    const scenario = MIGRATION_SCENARIOS.find(({ name }) => name === drawn?.scenario);
    if (drawn === undefined || scenario === undefined) throw new Error('no cases');
    while (running.size >= parallel) await Promise.race(running);
    const move = (async () => {
      const outcome = await runOnSlot(world, scenario, drawn);
      outcomes.push(outcome);
      console.error(`${outcomes.length} ${outcome.violations.length === 0 ? 'held' : 'VIOLATED'} ${outcome.name}: ${outcome.ended} in ${Math.round(outcome.durationMs / 1_000)} s${outcome.violations.map(({ expected, found }) => `\n    expected ${expected}; found ${found}`).join('')}`);
    })();
    const ended = move.finally(() => running.delete(ended));
    running.add(ended);
  }
  await Promise.all(running);
  return outcomes;
}

interface Memory {
  readonly worker: readonly MemorySample[];
  readonly server: readonly MemorySample[];
}

function watchMemory({ stack }: World): { stop(): Memory } {
  const samples = { worker: [] as MemorySample[], server: [] as MemorySample[] };
  const looking = setInterval(() => {
    const atMs = Date.now();
    samples.worker.push({ atMs, rssBytes: rssOf(stack.worker?.pid ?? 0) });
    samples.server.push({ atMs, rssBytes: rssOf(stack.part('temporal').pid) });
  }, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(looking);
      return samples;
    },
  };
}

async function report(world: World, outcomes: readonly CaseOutcome[], memory: Memory, lastsMs: number): Promise<void> {
  const orphans = await findOrphans(world, world.before, outcomes.flatMap(({ left }) => left));
  const verdict = await world.audit.verify();
  const violated = outcomes.filter(({ violations }) => violations.length > 0);
  const events = outcomes.map(({ historyEvents }) => historyEvents).toSorted((a, b) => a - b);
  const kinds = [...new Set(outcomes.map(({ ended }) => ended))].map((kind) => `${outcomes.filter(({ ended }) => ended === kind).length} ${kind}`);
  console.log(`${outcomes.length} migrations in ${(lastsMs / 60_000).toFixed(0)} minutes: ${kinds.join(', ')}; ${outcomes.filter(({ strikes }) => strikes > 0).length} met their fault; load ${loadavg().map((one) => one.toFixed(1)).join(' ')}`);
  check(`0 violations: ${violated.length} (${violated.map(({ name }) => name).join(', ') || 'none'})`, violated.length === 0);
  check(`0 failed requests: ${world.traffic.failed} of ${world.traffic.sent}`, world.traffic.failed === 0 && world.traffic.sent > 0);
  check(`0 orphans: ${orphans.length} (${orphans.slice(0, 5).join(', ') || 'none'})`, orphans.length === 0);
  check(`the audit is intact: ${verdict.records} records`, verdict.intact);
  check(`the worker never ended: ${world.outages.crashes.length} times`, world.outages.crashes.length === 0);
  check(`histories of at most ${MOST_EVENTS} events: median ${events[Math.floor(events.length / 2)] ?? 0}, longest ${events.at(-1) ?? 0}`, (events.at(-1) ?? 0) <= MOST_EVENTS);
  for (const [who, samples] of Object.entries(memory) as [string, readonly MemorySample[]][]) {
    const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
    const slope = slopeBytesPerHour(warm);
    const [first, last] = [warm[0], warm.at(-1)].map((sample) => mebibytes(sample?.rssBytes ?? 0));
    check(`flat memory of the ${who} after the first quarter: ${first} to ${last} MiB, slope ${mebibytes(slope)} MiB an hour, at most ${mebibytes(MOST_GROWTH_BYTES_PER_HOUR)}`, slope <= MOST_GROWTH_BYTES_PER_HOUR);
  }
}

/** `30m`, `6s`. Throws where it is no span. */
function spanMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smh])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? NaN);
  if (!(ms > 0)) throw new Error(`"${text}" is no span of time; expected such as "30m" or "6s"`);
  return ms;
}

function mebibytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}

main().then(
  () => process.exit(),
  () => process.exit(1),
);
