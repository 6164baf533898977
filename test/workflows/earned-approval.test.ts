import { keepHistory } from './recorded-histories';
import { EARNED, SagaBench } from './saga-bench';

describe('a migration whose approval is earned', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    bench = await SagaBench.start();
  });
  afterAll(() => bench.stop());

  it('only proposes, where the service has no record', async () => {
    const world = bench.world();
    const handle = await bench.start(world, { approval: 'earned' });
    const { planHash } = await bench.until(handle, ({ awaitingApproval }) => awaitingApproval !== null);
    expect(world.acts).toEqual([]);
    await handle.executeUpdate('approve', { args: [{ planHash, by: 'ada' }] });
    expect(await handle.result()).toMatchObject({ kind: 'Completed' });
    expect(world.audit.find(({ summary }) => summary === `mode of ${world.source.service}: propose`)).toMatchObject({ kind: 'decision', reason: 'so it was measured' });
    await keepHistory('completed-as-its-earned-mode-proposed', handle);
  });

  it('changes nothing and is refused, where the service may only be observed', async () => {
    const world = bench.world();
    EARNED.set(world, 'observe');
    const handle = await bench.start(world, { approval: 'earned' });
    expect(await handle.result()).toEqual({ kind: 'Refused', error: 'ObserveOnly', reasons: [`${world.source.service} may only be observed: so it was measured`] });
    expect(world.acts).toEqual([]);
    await keepHistory('refused-as-its-service-is-observed', handle);
  });

  it('goes, where the service has earned to act', async () => {
    const world = bench.world();
    EARNED.set(world, 'act');
    expect(await bench.run(world, { approval: 'earned' })).toMatchObject({ kind: 'Completed' });
  });

  it('goes in approve-risky where the risk is low, and asks where the service is critical', async () => {
    const world = bench.world();
    EARNED.set(world, 'approve-risky');
    expect(await bench.run(world, { approval: 'earned' })).toMatchObject({ kind: 'Completed' });
    const critical = bench.world();
    EARNED.set(critical, 'approve-risky');
    Object.assign(critical.source.tags, { 'foreshift:sla': 'critical' });
    expect(await bench.run(critical, { approval: 'earned', approvalTimeoutMs: 60_000 })).toMatchObject({ kind: 'Refused', error: 'ApprovalExpired' });
    expect(critical.acts).toEqual([]);
  });
});
