import { readConfig } from '../../src/contracts/config';
import { whyNoPostgres } from '../../infra/local/demo/postgresql/postgres-scene';
import type { MovedPostgres } from '../../infra/bench/postgres/moved-postgres';
import type { Stack } from '../../infra/local/supervisor/start-stack';
import { built } from '../support/built';

const why = whyNoPostgres();

(why === null ? describe : describe.skip)(`PostgreSQL on the local cloud${why === null ? '' : `, skipped: ${why}`}`, () => {
  let stack: Stack;
  let postgres: MovedPostgres;
  beforeAll(async () => {
    const config = readConfig();
    const { startStack } = built<typeof import('../../infra/local/supervisor/start-stack')>('infra/local/supervisor/start-stack');
    const moved = built<typeof import('../../infra/bench/postgres/moved-postgres')>('infra/bench/postgres/moved-postgres');
    stack = await startStack({ name: 'test-postgres', config, env: process.env, worker: true, onProgress: () => undefined });
    postgres = await moved.MovedPostgres.on(stack, config);
  }, 300_000);
  afterAll(async () => {
    await postgres.close();
    await stack.stop();
  });

  it('goes to a shadow and comes back late in the bake, while a bank transfers money: no commit is lost, no money comes or goes', async () => {
    const { BankClients } = built<typeof import('../../infra/local/demo/postgresql/bank-clients')>('infra/local/demo/postgresql/bank-clients');
    const { POSTGRES_FAULTS } = built<typeof import('../../infra/bench/postgres/postgres-faults')>('infra/bench/postgres/postgres-faults');
    const { runPostgresMove } = built<typeof import('../../infra/bench/postgres/run-postgres-move')>('infra/bench/postgres/run-postgres-move');
    const fault = POSTGRES_FAULTS.find(({ title }) => title.includes('aborted'));
    if (fault === undefined) throw new Error('no such fault');
    const bank = new BankClients(postgres.scene.addresses);
    await bank.start(4, 50);
    const outcome = await runPostgresMove(postgres, bank, postgres.scene.instanceId, fault);
    expect(outcome).toMatchObject({ result: { kind: 'RolledBack', phase: 'bake' }, whyNot: null });
    expect(JSON.stringify(outcome.result)).toContain('handed over; pause');
    const verdict = await bank.stop();
    expect(verdict).toMatchObject({ lost: 0, twice: 0, unasked: 0, wrongSums: 0, wrongBalances: 0, splits: 0 });
    expect(verdict.committed).toBeGreaterThan(200);
  }, 120_000);
});
