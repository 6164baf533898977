import { openDatabase } from '../../../src/adapters/postgres/database';
import type { Database } from '../../../src/adapters/postgres/database';
import { createTriggerStore } from '../../../src/adapters/postgres/trigger-store';
import { NOTHING_REMEMBERED } from '../../../src/domain/triggers/trigger-memory';
import type { PendingAct } from '../../../src/domain/triggers/trigger-memory';
import { type EmbeddedDatabase, withDatabase } from './embedded-database';

const act = (dueAtMs: number): PendingAct => ({ kind: 'start', incidentId: 'cpu/1', dueAtMs, start: { kind: 'workflow', rule: 'r', trigger: 'alarm', workflowType: 'shapeFleet', workflowId: 'trigger/cpu/1', once: true, input: { fleet: "it's" }, reason: '"quoted", {braced}' } });

describe('what is remembered of triggers in Postgres', () => {
  let database: EmbeddedDatabase;
  let db: Database;

  withDatabase((opened, started) => {
    db = opened;
    database = started;
  });

  it('is read as it was written, many subjects in one statement, and each found when its act is due', async () => {
    const store = createTriggerStore(db, () => 1_000);
    const memory = { ...NOTHING_REMEMBERED, changes: [{ atMs: 5, state: 'ALARM' as const }], acts: [act(7_000)] };
    const written = await store.save([{ subject: 'a', memory, version: 0 }, { subject: 'b', memory: NOTHING_REMEMBERED, version: 0 }]);
    expect([...written].toSorted()).toEqual(['a', 'b']);
    expect([...(await store.load(['a', 'b', 'c', 'a']))]).toEqual(expect.arrayContaining([['a', { memory, version: 1 }], ['b', { memory: NOTHING_REMEMBERED, version: 1 }]]));
    expect(await store.due(7_000, 10)).toEqual([]);
    expect(await store.due(7_001, 10)).toEqual(['a']);
    await store.forget(1_001);
    expect([...(await store.load(['a', 'b'])).keys()]).toEqual(['a']);
  });

  it('is written by one of many that read the same version', async () => {
    const stores = [1, 2, 3].map(() => createTriggerStore(database.connect(), () => 1_000));
    for (const version of [0, 1, 2]) {
      const results = await Promise.all(stores.map((store) => store.save([{ subject: 'contested', memory: NOTHING_REMEMBERED, version }])));
      expect(results.map((written) => written.size).toSorted()).toEqual([0, 0, 1]);
    }
    expect((await stores[0]?.load(['contested']))?.get('contested')?.version).toBe(3);
  });

  it('that cannot be reached says so, as a matter of the moment', async () => {
    const away = createTriggerStore(openDatabase('postgresql://postgres@127.0.0.1:1/postgres'), () => 0);
    await expect(away.load(['a'])).rejects.toMatchObject({ type: 'Unavailable' });
  });
});
