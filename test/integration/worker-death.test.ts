import type { WorkflowHandle } from '@temporalio/client';
import type { MigrateInstanceResult } from '../../src/contracts/migrate-instance';
import { LiveFleet } from './live-fleet';

const FAST = { rampStepsPercent: [50, 100], rampStepMs: 1_500, bakeMs: 3_000 } as const;
const A_WHOLE_MIGRATION_MS = 240_000;

type Moment = (live: LiveFleet, handle: WorkflowHandle, seq: number) => Promise<unknown>;
/** Right after the cloud did it: the worker may not have heard of it, and nobody has recorded it. */
const done =
  (operation: string): Moment =>
  (live, _, seq) =>
    live.untilCalled(operation, seq);
const inPhase =
  (phase: string): Moment =>
  (live, handle) =>
    live.until(handle, `the phase ${phase}`, (status) => status.phase === phase);

/** Close before the point of no return; tried by every `npm test`. The matrix kills workers at every act. */
const ALWAYS: readonly (readonly [string, Moment])[] = [
  ['drains', inPhase('drain')],
];
/** About a minute each: by `npm run test:faults`. */
const REST: readonly (readonly [string, Moment])[] = [
  ['has launched the shadow', done('RunInstances')],
  ['forecasts', done('GetMetricData')],
  ['plans', done('DescribeSubnets')],
  ['has reserved capacity', done('CreateCapacityReservation')],
  ['has made the image', done('CreateImage')],
  ['syncs', done('CreateSnapshots')],
  ['verifies', done('CreateTargetGroup')],
  ['ramps', (live, handle) => live.until(handle, 'half the traffic', (status) => status.shadowPercent === 50)],
  ['bakes', inPhase('bake')],
  ['has terminated the source', done('TerminateInstances')],
  ['gives back what the move needed', done('DeleteTargetGroup')],
];
const MOMENTS = process.env['FORESHIFT_TEST_FAULTS'] === 'all' ? [...ALWAYS, ...REST] : ALWAYS;

describe('a worker that is killed while it', () => {
  let live: LiveFleet;
  /** Who serves now: a completed migration hands its source's place on. */
  let serving: string;
  beforeAll(async () => {
    live = await LiveFleet.start('test-worker-death');
    serving = live.instance('web-1');
  }, 300_000);
  afterAll(async () => {
    await live.stop();
  });

  it.each(MOMENTS)('%s: the next worker ends the migration, no request fails, nothing is double or left', async (_, moment) => {
    const before = await live.inventory();
    const seq = await live.lastCall();
    const traffic = live.traffic();
    const handle = await live.start({ instanceId: serving, ...FAST });
    const reached = await moment(live, handle, seq).then(
      () => null,
      (error: unknown) => error,
    );
    await live.stack.worker?.kill();
    await live.stack.startWorker();
    const result = (await handle.result()) as MigrateInstanceResult;
    if (result.kind === 'Completed') serving = result.replacementId;
    expect(reached).toBeNull();
    const { failed, firstFailures } = await traffic.stop();
    expect(result.kind).toMatch(/^(Completed|RolledBack)$/);
    expect({ failed, firstFailures }).toEqual({ failed: 0, firstFailures: [] });
    expect(await live.leftSince(before, result)).toEqual([]);
    const { records, intact, problems } = await live.verifyAudit();
    expect({ intact, problems }).toEqual({ intact: true, problems: [] });
    expect(records).toBeGreaterThan(0);
  }, A_WHOLE_MIGRATION_MS);
});
