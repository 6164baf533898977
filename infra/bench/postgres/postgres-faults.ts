import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrateInstanceResult, MigrationStatus } from '../../../src/contracts/migrate-instance';
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
  readonly expected: MigrateInstanceResult['kind'];
  /** Nobody can take writes until the source runs again: the gap is the fault's. */
  readonly stopsSource?: true;
  readonly happens: (move: FaultyMove) => Promise<unknown>;
}

const handedOver = ({ phase, phases }: MigrationStatus): boolean => phase === 'bake' || phases.some(({ note }) => note?.startsWith('handed over') === true);

/** Everything that is to happen to PostgreSQL while it is moved. */
export const POSTGRES_FAULTS: readonly PostgresFault[] = [
  { title: 'nothing', expected: 'Completed', happens: async () => undefined },
  {
    title: 'the source is stopped before the hand-over',
    expected: 'RolledBack',
    stopsSource: true,
    happens: async ({ postgres, sourceId, until }) => {
      await until(({ phase, shadowId }) => phase === 'sync' && shadowId !== null);
      await postgres.stopInstance(sourceId);
    },
  },
  { title: "the shadow's PostgreSQL is killed while it follows", expected: 'Completed', happens: killFollower },
  { title: 'the worker is killed around the hand-over', expected: 'Completed', happens: killWorker },
  {
    title: 'the move is aborted late in the bake',
    expected: 'RolledBack',
    happens: async ({ until, abort }) => {
      await until(handedOver);
      await until(({ phase }) => phase === 'bake');
      await sleep(2_000);
      await abort();
    },
  },
];

async function killFollower({ postgres, until }: FaultyMove): Promise<void> {
  const { shadowId } = await until(({ phase, shadowId: id }) => phase === 'sync' && id !== null);
  const command = 'p="$FORESHIFT_AGENT_STATE/run/postgres.$FORESHIFT_INSTANCE_ID"; until [ -s "$p" ]; do sleep 0.02; done; sleep 0.3; kill -9 $(cat "$p")';
  await postgres.run(shadowId ?? '', command);
}

/** From when the source begins to end its writes: the command that lets the shadow take over may be on its way, or never come. The instance itself watches: from here it would be over. */
async function killWorker({ postgres, sourceId, until }: FaultyMove): Promise<void> {
  await until(({ phase }) => phase === 'sync');
  const pid = postgres.stack.worker?.pid ?? 0;
  await postgres.run(sourceId, `until grep -q '^role=released' "$FORESHIFT_AGENT_STATE/application/side"; do sleep 0.01; done; sleep ${(Math.random() * 0.5).toFixed(3)}; kill -9 ${pid}`);
  await postgres.stack.worker?.kill();
  await postgres.stack.startWorker();
}
