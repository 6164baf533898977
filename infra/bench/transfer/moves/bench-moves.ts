import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { environment, type ForeshiftConfig, readConfig } from '../../../../src/contracts/config';
import { KvClient } from '../../../local/demo/stateful/kv-client';
import { startStack } from '../../../local/supervisor/start-stack';
import { check } from '../../check';
import { MOVE_FAULTS } from './move-faults';
import { MovedService } from './moved-service';
import { type MoveOutcome, runMove } from './run-move';

const RUNS = Number(process.argv[2] ?? 30);
/** Of the rate that is to be held; less only to look for faults on a busy machine. */
const SHARE = Number(process.argv[3] ?? 1);
const LOAD = { writesPerSecond: 500 * SHARE, readsPerSecond: 2_000 * SHARE } as const;
const MAX_PAUSE_MS = 300;
/** Of the pause: what a prediction may be off. */
const MAX_ERROR_RATIO = 0.5;
/** Of the requests that were to be sent, so many must have been answered: clients that cannot keep up prove nothing. */
const ANSWERED_AT_LEAST = 0.9;

/** Moves a stateful service under load from instance to instance, each time with something that goes wrong. The exit code is 1 where anything was lost, failed or took too long. */
async function main(config: ForeshiftConfig): Promise<void> {
  const stack = await startStack({ name: 'bench-moves', config, env: { ...environment() }, worker: true, onProgress: () => undefined });
  try {
    const service = await MovedService.on(stack, config);
    const client = new KvClient(service.scene.url);
    client.start(LOAD);
    await sleep(3_000);
    const table = new Table({ head: ['fault', 'outcome', 'pause ms', 'predicted', 'longest gap', 'requests', 'failed', 'stale', 's', 'load'], style: { head: [], border: [] } });
    const outcomes: MoveOutcome[] = [];
    let instanceId = service.scene.instanceId;
    for (let run = 0; run < RUNS; run += 1) {
      const fault = MOVE_FAULTS[run % MOVE_FAULTS.length];
      if (fault === undefined) throw new Error('no faults');
      const startedAtMs = Date.now();
      const outcome = await runMove(service, client, instanceId, fault, MAX_PAUSE_MS);
      outcomes.push(outcome);
      ({ instanceId } = outcome);
      const { report } = outcome;
      const row = [fault.title, `${outcome.result.kind}${outcome.isAsExpected ? '' : ' (!)'}`, outcome.pauseMs ?? '', outcome.predictedMs ?? '', Math.round(report.longestGapMs), report.writes + report.reads, `${report.failed}${outcome.unexcused === report.failed ? '' : ' (as it was made to)'}`, report.stale, Math.round((Date.now() - startedAtMs) / 1_000), loadavg()[0]?.toFixed(1) ?? ''];
      table.push(row);
      console.error(row.join(' | '));
      if (!outcome.isAsExpected) console.error(outcome.whyNot ?? '', JSON.stringify(outcome.result));
      if (outcome.unexcused > 0) console.error(JSON.stringify(report.firstFailures.slice(0, 3)));
    }
    await client.stop();
    const lost = await client.lost();
    client.close();
    await service.close();
    console.log(table.toString());
    judge(outcomes, lost.length);
  } finally {
    await stack.stop();
  }
}

function judge(outcomes: readonly MoveOutcome[], lost: number): void {
  const pauses = outcomes.flatMap(({ pauseMs, predictedMs }) => (pauseMs === null ? [] : [{ pauseMs, predictedMs: predictedMs ?? 0 }]));
  const p99 = Math.max(0, ...pauses.map(({ pauseMs }) => pauseMs));
  const near = pauses.filter(({ pauseMs, predictedMs }) => Math.abs(pauseMs - predictedMs) <= MAX_ERROR_RATIO * pauseMs).length;
  const sum = (of: (outcome: MoveOutcome) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  check(`${lost} acknowledged writes lost, ${sum(({ report }) => report.stale)} reads of less than was acknowledged; target 0`, lost === 0 && sum(({ report }) => report.stale) === 0);
  check(`${sum(({ unexcused }) => unexcused)} requests failed outside of what the service was made to; target 0`, sum(({ unexcused }) => unexcused) === 0);
  check(`${outcomes.filter(({ isAsExpected }) => isAsExpected).length} of ${outcomes.length} moves ended as they should; target all`, outcomes.every(({ isAsExpected }) => isAsExpected));
  check(`longest of ${pauses.length} pauses ${p99} ms; target ${MAX_PAUSE_MS} ms`, p99 <= MAX_PAUSE_MS);
  check(`${near} of ${pauses.length} pauses within ${100 * MAX_ERROR_RATIO} % of their prediction; target all`, near === pauses.length);
  const perSecond = Math.min(...outcomes.map(({ report, askedMs }) => ((report.writes + report.reads) / askedMs) * 1_000));
  const wanted = LOAD.writesPerSecond + LOAD.readsPerSecond;
  check(`${Math.round(perSecond)} requests/s answered in the slowest move; target ${100 * ANSWERED_AT_LEAST} % of ${wanted}`, perSecond >= ANSWERED_AT_LEAST * wanted);
}

void main(readConfig());
