import type { WorkflowHandle } from '@temporalio/client';
import { REAP_ORPHANS, type ReapOrphansInput, type ReapOrphansResult } from '../../src/contracts/reap-orphans';
import { reaperWorkflowId } from '../../src/contracts/workflow-ids';
import { LiveFleet } from './live-fleet';

/** A minute each: by `npm run test:faults`. */
const ALL = process.env['FORESHIFT_TEST_FAULTS'] === 'all';
const FAST = { rampStepsPercent: [50, 100], rampStepMs: 1_500, bakeMs: 3_000 } as const;
const A_STORY_MS = 240_000;
const GRACE_MS = 1_000;
const REGION = 'us-east-1';

(ALL ? describe : describe.skip)('a migration that is terminated', () => {
  let live: LiveFleet;
  /** Who serves now: a recovered migration may have handed its source's place on. */
  let serving: string;
  beforeAll(async () => {
    live = await LiveFleet.start('test-recovery');
    serving = live.instance('web-1');
  }, 300_000);
  afterAll(async () => {
    await live.stop();
  });

  /** As a scheduled one would, but that a second of grace is enough. */
  const reap = async (input: ReapOrphansInput = {}): Promise<ReapOrphansResult> => {
    await new Promise((resolve) => setTimeout(resolve, 2 * GRACE_MS));
    return live.client.workflow.execute(REAP_ORPHANS, { taskQueue: 'foreshift', workflowId: reaperWorkflowId(REGION), args: [{ graceMs: GRACE_MS, ...input }] }) as Promise<ReapOrphansResult>;
  };

  /** Starts a move, ends it at that moment without a word, and lets `after` clean up, while clients keep asking. */
  const terminatedAt = async (moment: (handle: WorkflowHandle, seq: number) => Promise<unknown>, after: () => Promise<void>): Promise<void> => {
    const traffic = live.traffic();
    const seq = await live.lastCall();
    const handle = await live.start({ instanceId: serving, ...FAST });
    await moment(handle, seq);
    await handle.terminate('a test');
    await after();
    const { sent, failed, firstFailures } = await traffic.stop();
    expect({ failed, firstFailures }).toEqual({ failed: 0, firstFailures: [] });
    expect(sent).toBeGreaterThan(100);
    const { intact, problems } = await live.verifyAudit();
    expect({ intact, problems }).toEqual({ intact: true, problems: [] });
  };

  it.each<[string, string]>([
    ['has reserved capacity', 'CreateCapacityReservation'],
    ['has made the image', 'CreateImage'],
    ['has launched the shadow', 'RunInstances'],
    ['verifies', 'CreateTargetGroup'],
  ])('right when it %s: a dry run changes nothing, the reaper leaves nothing, and the source serves', async (_, operation) => {
    const before = await live.inventory();
    await terminatedAt((_handle, seq) => live.untilCalled(operation, seq), async () => {
      const told = await reap({ dryRun: true });
      expect(told).toMatchObject({ kind: 'DryRun', reaped: [], survey: { counts: { needsOperator: 0 } } });
      expect(told.survey.counts.reap).toBeGreaterThan(0);
      const result = await reap();
      expect(result).toMatchObject({ kind: 'Done', failed: [] });
      expect([...(await live.inventory()).keys()].toSorted()).toEqual([...before.keys()].toSorted());
      expect(await reap()).toMatchObject({ kind: 'Done', survey: { resources: 0 } });
    });
  }, A_STORY_MS);

  it('while half of the traffic is on the shadow: the reaper takes nothing of it away, and says why', async () => {
    await terminatedAt((handle) => live.until(handle, 'half the traffic', ({ shadowPercent }) => shadowPercent === 50), async () => {
      const during = await live.inventory();
      const result = await reap();
      expect(result).toMatchObject({ kind: 'SomeLeft', reaped: [], failed: [], survey: { counts: { reap: 0, keep: 0 } } });
      expect(result.survey.needsOperator[0]?.why).toMatch(/gets traffic|does not serve/);
      expect([...(await live.inventory()).keys()].toSorted()).toEqual([...during.keys()].toSorted());
    });
  }, A_STORY_MS);
});
