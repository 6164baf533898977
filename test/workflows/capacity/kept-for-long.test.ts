import { setTimeout as sleep } from 'node:timers/promises';
import type { Provisioned, ProvisionStatus } from '../../../src/contracts/provision-replicas';
import { CapacityBench } from './capacity-bench';

/** The server asks for a new run at so many events; it would at 4,096. */
const SUGGESTED_AT_EVENTS = 120;
/** What one run may still do then: provide two replicas, or replace one. */
const ROUND_EVENTS = 90;
const LOST = 6;
const WITHIN_MS = 20_000;

describe('replicas that are kept for long', () => {
  let bench: CapacityBench;
  beforeAll(async () => {
    bench = await CapacityBench.startInRealTime({ pollMs: 100, serverSettings: { 'limit.historyCount.suggestContinueAsNew': String(SUGGESTED_AT_EVENTS) } });
  });
  afterAll(() => bench.stop());

  it('are looked after by run after run, each with a short history: what is lost is replaced once, and who asked is still answered', async () => {
    const { cloud } = bench;
    const request = bench.request({ keep: true });
    const accepted = await bench.ask(request);
    const kept = bench.client.workflow.getHandle(`replicas/${request.requestId}`);
    const settled = await kept.executeUpdate<Provisioned, []>('settle');
    const runIds = new Set<string>();
    for (let lost = 0; lost < LOST; lost += 1) {
      runIds.add((await kept.describe()).runId);
      cloud.kill(cloud.replicas()[0] ?? '');
      await until(async () => (await kept.query<ProvisionStatus>('status')).replacements.length === lost + 1);
      expect(cloud.replicas()).toHaveLength(2);
    }
    const { replicas, replacements } = await kept.query<ProvisionStatus>('status');
    expect(replicas.map(({ instanceId }) => instanceId).toSorted()).toEqual(cloud.replicas().toSorted());
    expect(new Set(replacements.map(({ lost }) => lost)).size).toBe(LOST);
    expect(await bench.ask(request)).toEqual(accepted);
    expect(await kept.executeUpdate<Provisioned, []>('settle')).toMatchObject({ kind: 'Provisioned', targetGroups: settled.targetGroups });

    runIds.add((await kept.describe()).runId);
    const lengths = await Promise.all([...runIds].map(async (runId) => (await bench.client.workflow.getHandle(kept.workflowId, runId).describe()).historyLength));
    expect(lengths.length).toBeGreaterThan(2);
    expect(Math.max(...lengths)).toBeLessThan(SUGGESTED_AT_EVENTS + ROUND_EVENTS);

    await kept.executeUpdate('release', { args: [] });
    expect(await kept.result()).toMatchObject({ kind: 'Released', replaced: LOST });
    expect(cloud.calls.filter((call) => call === 'launch')).toHaveLength(2 + LOST);
    expect(cloud.replicas()).toEqual([]);
    expect(cloud.left()).toEqual([]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > giveUpAtMs) throw new Error(`it did not come about within ${WITHIN_MS / 1000} s`);
    await sleep(50);
  }
}
