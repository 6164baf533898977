import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import type { BankClients } from '../../local/demo/postgresql/bank-clients';
import { pauseOf } from '../moves/moved-instance';
import type { MovedPostgres } from './moved-postgres';
import type { PostgresFault } from './postgres-faults';

export interface PostgresOutcome {
  readonly result: MigrateInstanceResult;
  /** Where PostgreSQL is afterwards. */
  readonly instanceId: string;
  /** As the keeper measured it, from before the release until the shadow had taken over; null where another attempt began it. */
  readonly pauseMs: number | null;
  /** The longest time in which no client had a commit acknowledged. */
  readonly gapMs: number;
  readonly commits: number;
  readonly isAsExpected: boolean;
  /** Why the fault did not happen; null where it did. */
  readonly whyNot: string | null;
}

/** Moves PostgreSQL from that instance while clients go on, and lets the fault happen. */
export async function runPostgresMove(postgres: MovedPostgres, bank: BankClients, sourceId: string, fault: PostgresFault): Promise<PostgresOutcome> {
  const { ledger } = bank;
  ledger.takeGapMs(Date.now());
  const before = ledger.committed.size;
  const handle = await postgres.move(sourceId);
  const abort = (): Promise<unknown> => handle.executeUpdate('abort', { args: [{ reason: 'the way back is tried' }] });
  const late = fault.happens({ postgres, sourceId, abort, until: (isSoFar) => postgres.moved.until(handle, isSoFar) }).then(() => null, (error: unknown) => String(error));
  const result = await handle.result();
  const whyNot = await late;
  if (fault.stopsSource === true) await postgres.moved.start(sourceId);
  await untilCommitted(bank);
  return {
    result,
    instanceId: result.kind === 'Completed' ? result.replacementId : sourceId,
    pauseMs: pauseOf(result)?.pauseMs ?? null,
    gapMs: ledger.takeGapMs(Date.now()),
    commits: ledger.committed.size - before,
    isAsExpected: whyNot === null && fault.expected.includes(result.kind),
    whyNot,
  };
}

/** Until clients commit again, wherever PostgreSQL is. */
async function untilCommitted({ ledger }: BankClients): Promise<void> {
  const before = ledger.committed.size;
  for (const giveUpAtMs = Date.now() + 60_000; ledger.committed.size < before + 50; await sleep(100)) if (Date.now() >= giveUpAtMs) throw new Error('no client commits any more');
}
