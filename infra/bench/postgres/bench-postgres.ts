import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { environment, type ForeshiftConfig, readConfig } from '../../../src/contracts/config';
import { BankClients, type BankVerdict } from '../../local/demo/postgresql/bank-clients';
import { whyNoPostgres } from '../../local/demo/postgresql/postgres-scene';
import { startStack } from '../../local/supervisor/start-stack';
import { check } from '../check';
import { MovedPostgres } from './moved-postgres';
import { POSTGRES_FAULTS } from './postgres-faults';
import { type PostgresOutcome, runPostgresMove } from './run-postgres-move';

const RUNS = Number(process.argv[2] ?? POSTGRES_FAULTS.length);
const CLIENTS = 8;
const TRANSFERS_PER_SECOND = Number(process.argv[3] ?? 200);

/** Moves PostgreSQL while clients of a bank transfer money, each time with something that goes wrong. The exit code is 1 where a commit was lost or money came or went. */
async function main(config: ForeshiftConfig): Promise<void> {
  const why = whyNoPostgres();
  if (why !== null) return console.log(`skipped: ${why}`);
  const stack = await startStack({ name: 'bench-postgres', config, env: { ...environment() }, worker: true, onProgress: () => undefined });
  try {
    const postgres = await MovedPostgres.on(stack, config);
    const bank = new BankClients(postgres.scene.addresses);
    await bank.start(CLIENTS, TRANSFERS_PER_SECOND);
    const table = new Table({ head: ['fault', 'outcome', 'pause ms', 'longest gap ms', 'commits', 's', 'load'], style: { head: [], border: [] } });
    const outcomes: PostgresOutcome[] = [];
    let { instanceId } = postgres.scene;
    for (let run = 0; run < RUNS; run += 1) {
      const fault = POSTGRES_FAULTS[run % POSTGRES_FAULTS.length];
      if (fault === undefined) throw new Error('no faults');
      const startedAtMs = Date.now();
      const outcome = await runPostgresMove(postgres, bank, instanceId, fault);
      outcomes.push(outcome);
      ({ instanceId } = outcome);
      const gap = fault.stopsSource === true ? `${outcome.gapMs} (no source)` : outcome.gapMs;
      const row = [fault.title, `${outcome.result.kind}${outcome.isAsExpected ? '' : ' (!)'}`, outcome.pauseMs ?? '', gap, outcome.commits, Math.round((Date.now() - startedAtMs) / 1_000), loadavg()[0]?.toFixed(1) ?? ''];
      table.push(row);
      console.error(row.join(' | '));
      if (!outcome.isAsExpected) console.error(outcome.whyNot ?? '', JSON.stringify(outcome.result));
    }
    const verdict = await bank.stop();
    await postgres.close();
    console.log(table.toString());
    judge(outcomes, verdict);
  } finally {
    await stack.stop();
  }
}

function judge(outcomes: readonly PostgresOutcome[], { committed, unknown, failed, lost, unasked, twice, checks, wrongSums, splits, wrongBalances }: BankVerdict): void {
  check(`${lost} of ${committed} acknowledged commits lost, ${twice} there twice; target 0`, lost === 0 && twice === 0);
  check(`${unasked} transfers there that no client sent to be committed; target 0`, unasked === 0);
  check(`${wrongSums} of ${checks} looks found another sum, ${wrongBalances} accounts are not what their transfers make them; target 0`, wrongSums === 0 && wrongBalances === 0 && checks > 0);
  check(`${splits} looks found two servers that take writes; target 0`, splits === 0);
  check(`${outcomes.filter(({ isAsExpected }) => isAsExpected).length} of ${outcomes.length} moves ended as they should; target all`, outcomes.every(({ isAsExpected }) => isAsExpected));
  console.log(`told   ${unknown} commits were never answered, ${failed} transfers failed before their commit and were given up`);
}

void main(readConfig());
