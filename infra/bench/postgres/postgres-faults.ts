import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrateInstanceResult, MigrationStatus } from '../../../src/contracts/migrate-instance';
import { isHandedOver } from '../moves/moved-instance';
import type { MovedPostgres } from './moved-postgres';

/** A move that a fault happens to. */
export interface FaultyMove {
  readonly postgres: MovedPostgres;
  readonly sourceId: string;
  /** Waits until the move is so far; throws where it ended before. */
  readonly until: (isSoFar: (status: MigrationStatus) => boolean) => Promise<MigrationStatus>;
  /** Asks the move to go back. */
  readonly abort: () => Promise<unknown>;
}

export interface PostgresFault {
  readonly title: string;
  readonly expected: readonly MigrateInstanceResult['kind'][];
  /** Nobody can take writes until the source runs again: the gap is the fault's. */
  readonly stopsSource?: true;
  readonly happens: (move: FaultyMove) => Promise<unknown>;
}

/** Everything that is to happen to PostgreSQL while it is moved. */
export const POSTGRES_FAULTS: readonly PostgresFault[] = [
  { title: 'nothing', expected: ['Completed'], happens: async () => undefined },
  {
    title: 'the source is stopped before the hand-over',
    expected: ['RolledBack'],
    stopsSource: true,
    happens: async ({ postgres, sourceId, until }) => {
      await until(({ phase, shadowId }) => phase === 'sync' && shadowId !== null);
      await postgres.moved.stop(sourceId);
    },
  },
  { title: "the shadow's PostgreSQL is killed while it follows", expected: ['Completed'], happens: killFollower },
  // Either it is back in time, or it never takes over.
  { title: "the shadow's PostgreSQL is killed in the pause", expected: ['Completed', 'RolledBack'], happens: killInPause },
  { title: 'the worker is killed around the hand-over', expected: ['Completed'], happens: killWorker },
  {
    title: 'the move is aborted late in the bake',
    expected: ['RolledBack'],
    happens: async ({ until, abort }) => {
      await until(isHandedOver);
      await until(({ phase }) => phase === 'bake');
      await sleep(2_000);
      await abort();
    },
  },
];

async function killFollower({ postgres, until }: FaultyMove): Promise<void> {
  const { shadowId } = await until(({ phase, shadowId: id }) => phase === 'sync' && id !== null);
  const command = 'p="$FORESHIFT_AGENT_STATE/run/postgres.$FORESHIFT_INSTANCE_ID"; until [ -s "$p" ]; do sleep 0.02; done; sleep 0.3; kill -9 $(cat "$p")';
  await postgres.moved.run(shadowId ?? '', command);
}

async function killInPause(move: FaultyMove): Promise<void> {
  const { shadowId } = await move.until(({ phase, shadowId: id }) => phase === 'sync' && id !== null);
  const pid = await move.postgres.moved.run(shadowId ?? '', `p="$FORESHIFT_AGENT_STATE/run/postgres.$FORESHIFT_INSTANCE_ID"; until [ -s "$p" ]; do sleep 0.02; done; cat "$p"`);
  await killOnceReleased(move, Number(pid));
}

/** The command that lets the shadow take over may be on its way, or never come. */
async function killWorker(move: FaultyMove): Promise<void> {
  const { worker } = move.postgres.stack;
  await move.until(({ phase }) => phase === 'sync');
  await killOnceReleased(move, worker?.pid ?? 0);
  await worker?.kill();
  await move.postgres.stack.startWorker();
}

/** Within half a second from when the source begins to end its writes. The instance itself watches: from here it would be over. */
async function killOnceReleased({ postgres, sourceId }: FaultyMove, pid: number): Promise<void> {
  const afterSeconds = (Math.random() * 0.5).toFixed(3);
  await postgres.moved.run(sourceId, `until grep -q '^role=released' "$FORESHIFT_AGENT_STATE/application/side"; do sleep 0.01; done; sleep ${afterSeconds}; kill -9 ${pid}`);
}
