import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrateInstanceResult } from '../../src/contracts/migrate-instance';
import { check } from '../bench/check';
import { MIGRATION_SCENARIOS } from './cases/migration-scenarios';
import type { Ended } from './cases/scenario';
import { checkWorld, servingAfter } from './check/check-world';
import { findOrphans } from './check/find-orphans';
import { GO } from './control/protocol';
import { patiently } from './run/patiently';
import { withWorld, type World } from './run/world';

const MOVES = Number(process.argv[2] ?? 20);
/** One after the other, so that the kill finds each somewhere else. */
const APART_MS = 1_000;
const GOAL_MS = 3_000;
const EVERY_MS = 250;

interface Move {
  readonly workflowId: string;
  readonly startedAtMs: number;
  /** When its first activity began after both were there again; null: none was left to do. */
  continuedAtMs: number | null;
  endedAtMs: number;
}

/** Kills the only worker and the Temporal server at once while 20 migrations are under way, and tells how long it takes until each goes on. The exit code is 1 where one does not end right. */
async function main(): Promise<void> {
  await withWorld('recovery', 1, async (world) => {
    const slots = await Promise.all(Array.from({ length: MOVES }, () => world.fleet.take()));
    for (const { url } of slots) world.traffic.setRate(url, EVERY_MS);
    const scenario = MIGRATION_SCENARIOS[0];
    if (scenario === undefined) throw new Error('no scenario');
    let backAtMs = Infinity;
    const moves: Move[] = [];
    const violations: string[] = [];
    const ends = slots.map(async (slot, i) => {
      await sleep(i * APART_MS);
      const { type, workflowId, input } = scenario.start(slot);
      const move: Move = { workflowId, startedAtMs: Date.now(), continuedAtMs: null, endedAtMs: Infinity };
      moves.push(move);
      world.control.watch(workflowId, async (point) => {
        if (point === 'begins' && Date.now() >= backAtMs) move.continuedAtMs ??= Date.now();
        return GO;
      });
      const handle = await world.client.workflow.start(type, { taskQueue: world.taskQueue, workflowId, args: [input] });
      const result = (await patiently(() => handle.result())) as MigrateInstanceResult;
      move.endedAtMs = Date.now();
      const ended: Ended = { kind: result.kind, reasons: 'reasons' in result ? result.reasons : [], left: 'left' in result ? result.left : [], result };
      if (ended.kind !== scenario.expects) violations.push(`${workflowId}: ${ended.kind}: ${ended.reasons.join('; ')}`);
      violations.push(...(await checkWorld(world, { scenario, slot, ended, workflowId, runId: handle.firstExecutionRunId })).map(({ expected, found }) => `${workflowId}: expected ${expected}; found ${found}`));
      slot.instanceIds = await servingAfter(world, scenario, slot, ended);
    });
    await sleep(MOVES * APART_MS);
    const killedAtMs = Date.now();
    const took = await world.outages.now(['worker', 'temporal']);
    backAtMs = Date.now();
    await Promise.all(ends);
    report(world, moves, { killedAtMs, backAtMs, downMs: took }, [...violations, ...(await findOrphans(world, world.before, [])).map((orphan) => `an orphan: ${orphan}`)]);
  });
}

interface Kill {
  readonly killedAtMs: number;
  readonly backAtMs: number;
  readonly downMs: number;
}

function report(world: World, moves: readonly Move[], { killedAtMs, backAtMs, downMs }: Kill, violations: readonly string[]): void {
  const caught = moves.filter(({ startedAtMs, endedAtMs }) => startedAtMs < killedAtMs && endedAtMs > backAtMs);
  const waits = caught.flatMap(({ continuedAtMs }) => (continuedAtMs === null ? [] : [continuedAtMs - backAtMs])).toSorted((a, b) => a - b);
  const median = waits[Math.floor(waits.length / 2)] ?? Infinity;
  console.log(`${caught.length} of ${moves.length} migrations were under way; worker and server were away for ${downMs} ms; load ${loadavg().map((one) => one.toFixed(1)).join(' ')}`);
  for (const violation of violations) console.log(violation);
  for (const { url } of world.fleet.slots) {
    const { failed, failures } = world.traffic.take(url);
    const told = failures.slice(0, 3).map(({ outcome, sentAtMs }) => `${outcome} ${sentAtMs - killedAtMs} ms after the kill`);
    if (failed > 0) console.log(`${url}: ${failed} failed: ${told.join(', ')}`);
  }
  check(`all ${moves.length} end right: ${violations.length} violations`, violations.length === 0);
  check(`0 failed requests: ${world.traffic.failed} of ${world.traffic.sent}`, world.traffic.failed === 0 && world.traffic.sent > 0);
  check(`work goes on after both are back: median ${median} ms, at most ${GOAL_MS}; worst ${waits.at(-1) ?? Infinity} ms`, median <= GOAL_MS);
}

main().then(
  () => process.exit(),
  () => process.exit(1),
);
