import { REHEARSE_ROLLBACK, type RehearseRollbackInput, type RehearseRollbackResult } from '../../src/contracts/rehearse-rollback';
import { RECOVER_MIGRATION, type RecoverMigrationResult } from '../../src/contracts/recover-migration';
import { migrationWorkflowId, recoveryLookId } from '../../src/contracts/workflow-ids';
import { LiveFleet } from './live-fleet';

/** A minute each: by `npm run test:faults`. */
const ALL = process.env['FORESHIFT_TEST_FAULTS'] === 'all';
const A_STORY_MS = 240_000;

(ALL ? describe : describe.skip)('a rehearsal of the way back, under live traffic', () => {
  let live: LiveFleet;
  beforeAll(async () => {
    live = await LiveFleet.start('test-drill');
  }, 300_000);
  afterAll(() => live.stop());

  const start = (input: RehearseRollbackInput & { instanceId: string }) =>
    live.client.workflow.start(REHEARSE_ROLLBACK, { taskQueue: 'foreshift', workflowId: migrationWorkflowId(input.instanceId), args: [{ sync: 'none', ...input }] });

  /** Clients keep asking; nobody is refused, and afterwards all is as it was. */
  const withoutHarm = async (story: (instanceId: string) => Promise<RehearseRollbackResult>): Promise<RehearseRollbackResult> => {
    const before = await live.inventory();
    const instanceId = live.instance('web-1');
    const seq = await live.lastCall();
    const traffic = live.traffic();
    const result = await story(instanceId);
    const { sent, failed, firstFailures } = await traffic.stop();
    console.log(JSON.stringify({ sent, failed, ...(result.kind === 'Rehearsed' ? { ...result, phases: undefined } : result) }));
    expect({ failed, firstFailures }).toEqual({ failed: 0, firstFailures: [] });
    expect(sent).toBeGreaterThan(100);
    expect([...(await live.inventory()).keys()].toSorted()).toEqual([...before.keys()].toSorted());
    expect(await live.targetState(instanceId)).toBe('healthy');
    expect((await live.callsSince(seq)).filter(({ operation }) => operation === 'StopInstances')).toEqual([]);
    expect(await live.verifyAudit()).toMatchObject({ intact: true, problems: [] });
    return result;
  };

  it('gives everything back, fails no request, and tells the time to safe', async () => {
    const result = await withoutHarm(async (instanceId) => (await start({ instanceId })).result() as Promise<RehearseRollbackResult>);
    expect(result).toMatchObject({ kind: 'Rehearsed', shadowPercent: 10 });
  }, A_STORY_MS);

  it('that is terminated while the shadow has its share is brought back by the recovery of moves, and fails no request', async () => {
    const recover = (instanceId: string, way?: 'rollBack'): Promise<RecoverMigrationResult> =>
      live.client.workflow.execute(RECOVER_MIGRATION, { taskQueue: 'foreshift', workflowId: way === undefined ? recoveryLookId(instanceId) : migrationWorkflowId(instanceId), args: [{ instanceId, ...(way === undefined ? {} : { way }) }] });
    let kind = '';
    await withoutHarm(async (instanceId) => {
      const handle = await start({ instanceId, sharePercent: 20 });
      await live.until(handle, 'the share', ({ shadowPercent }) => shadowPercent === 20);
      await handle.terminate('a test');
      expect(await recover(instanceId)).toMatchObject({ assessment: { proposal: 'rollBack' } });
      ({ kind } = await recover(instanceId, 'rollBack'));
      return { kind: 'RolledBack', phase: 'ramp', reasons: [], phases: [] };
    });
    expect(kind).toBe('RolledBack');
  }, A_STORY_MS);

  it('whose worker dies while the shadow has its share goes on with the next one, and fails no request', async () => {
    const result = await withoutHarm(async (instanceId) => {
      const handle = await start({ instanceId, sharePercent: 20 });
      await live.until(handle, 'the share', ({ shadowPercent }) => shadowPercent === 20);
      await live.stack.worker?.kill();
      await live.stack.startWorker();
      return handle.result() as Promise<RehearseRollbackResult>;
    });
    expect(result).toMatchObject({ kind: 'Rehearsed', shadowPercent: 20 });
  }, A_STORY_MS);
});
