import type { MigrateInstanceInput } from '../../src/contracts/migrate-instance';
import type { Activity, FakeWorld, Phase } from './fake-world';
import { LISTENER, OTHER_POOL, POOL, RULE, ZONES } from './fixtures';
import { SagaBench, failureOf } from './saga-bench';
import type { MigrationHandle } from './saga-bench';

describe('a migration', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    bench = await SagaBench.start();
  });
  afterAll(() => bench.stop());

  /** No request failed, nothing is left over, and the source stands and serves as before. */
  const expectUntouched = (world: FakeWorld): void => {
    expect(world.violations).toEqual([]);
    expect(world.left()).toEqual([]);
    expect(world.running()).toEqual([world.source.instanceId, 'i-other0', 'i-elsewhere']);
    expect(world.serving()).toEqual({ instances: [world.source.instanceId, 'i-elsewhere', 'i-other0'].toSorted(), routesAsBefore: true });
  };
  const weightOf = (world: FakeWorld, arn: string, prefix: string): number | undefined =>
    world.routes.get(arn)?.find(({ targetGroupArn }) => targetGroupArn.startsWith(prefix))?.weight;

  describe('that nothing disturbs', () => {
    it('completes: the replacement serves in the source\'s place, the source is terminated once, nothing is left', async () => {
      const world = bench.world();
      const result = await bench.run(world);
      const [shadow = ''] = world.actsOf('launchShadow');
      expect(result).toMatchObject({ kind: 'Completed', instanceId: world.source.instanceId, replacementId: shadow, zone: 'us-east-1a', shape: 'm7i.xlarge' });
      expect(world.actsOf('terminateSource')).toEqual([world.source.instanceId]);
      expect(world.calls.filter(({ activity }) => activity === 'terminateSource')).toHaveLength(1);
      expect(world.serving()).toEqual({ instances: ['i-elsewhere', 'i-other0', shadow], routesAsBefore: true });
      expect(world.instances.get(shadow)).toMatchObject({ state: 'running', owner: null, replaces: world.source.instanceId });
      expect(world.left()).toEqual([]);
      expect(world.violations).toEqual([]);
    });

    it('goes through its phases in order, each closed before the next begins, and audits each', async () => {
      const world = bench.world();
      const result = await bench.run(world);
      if (result.kind !== 'Completed') throw new Error(result.kind);
      const story = ['forecast', 'plan', 'approve', 'reserve', 'shadow', 'sync', 'verify', 'ramp', 'bake', 'drain', 'retire', 'release'];
      expect(result.phases.map(({ phase }) => phase)).toEqual(story);
      for (const [i, record] of result.phases.slice(0, -1).entries()) expect(record.endedAtMs).toBeLessThanOrEqual(result.phases[i + 1]?.startedAtMs ?? 0);
      expect(world.audit.filter(({ kind }) => kind === 'phase').map(({ summary }) => summary)).toEqual(story.map((phase) => `entered phase ${phase}`));
      expect(world.audit.filter(({ kind }) => kind === 'outcome').map(({ summary }) => summary)).toEqual(['Completed']);
    });

    it('writes an intent before every effect and the act after it', async () => {
      const world = bench.world();
      await bench.run(world);
      const begun = world.audit.filter(({ kind }) => kind === 'intent').map(({ summary }) => summary.replace(' begins', ''));
      const done = world.audit.filter(({ kind }) => kind === 'act' || kind === 'undo').map(({ summary }) => summary);
      expect(begun).toEqual(done);
      expect(new Set(begun)).toEqual(new Set(world.acts.map(({ activity }) => activity)));
    });

    it.each([
      ['image', []],
      ['blocks', ['writeBlocks']],
    ] as const)('gives the shadow newer volumes when the source wrote meanwhile, and stops it for that: %s', async (sync, made) => {
      const world = bench.world();
      expect(await bench.run(world, { sync })).toMatchObject({ kind: 'Completed' });
      const acts = world.acts.filter(({ phase }) => phase === 'sync').map(({ activity }) => activity);
      expect(acts).toEqual(['snapshotSource', ...made, 'stopShadow', 'replaceVolumes', 'startShadow', 'snapshotSource']);
      expect(world.left()).toEqual([]);
    });

    it('writes each round on what the round before gave the shadow, and tells how far it is', async () => {
      const world = bench.world();
      world.sourceKeepsWriting = true;
      world.during('writeBlocks', 'sync', async () => void world.during('writeBlocks', 'sync', async () => void (world.sourceKeepsWriting = false)));
      const handle = await bench.start(world, { sync: 'blocks' });
      expect(await handle.result()).toMatchObject({ kind: 'Completed' });
      const [first, second] = world.actsOf('writeBlocks');
      expect(world.written.get(second ?? '')?.parent).toBe(first);
      expect(await bench.status(handle)).toMatchObject({ sync: { lagBytes: 0, why: 'round 3: 0.0 MiB behind' } });
    });

    it('carries no state over where it is told that the service keeps none, whatever it writes', async () => {
      for (const input of [{ sync: 'none' }, {}] as const) {
        const world = bench.world();
        world.sourceKeepsWriting = true;
        if (input.sync === undefined) Object.assign(world.source.tags, { 'foreshift:sync': 'none' });
        const result = await bench.run(world, input);
        expect(result).toMatchObject({ kind: 'Completed' });
        expect(world.actsOf('replaceVolumes')).toEqual([]);
      }
    });

    it('refuses a tag that names no way to carry state over, before anything begins', async () => {
      const world = bench.world();
      Object.assign(world.source.tags, { 'foreshift:sync': 'telepathy' });
      expect(await failureOf(bench.run(world))).toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('the tag foreshift:sync is "telepathy"; expected "none"') });
      expect(world.acts).toEqual([]);
    });

    it('of an instance that no balancer knows skips ramp and bake and touches no route', async () => {
      const world = bench.world({ traffic: false });
      const result = await bench.run(world);
      if (result.kind !== 'Completed') throw new Error(result.kind);
      expect(result.phases.map(({ phase }) => phase)).not.toContain('ramp');
      expect(world.actsOf('terminateSource')).toEqual([world.source.instanceId]);
      expect(world.left()).toEqual([]);
    });

    it('of an instance without data volumes takes the image as its state', async () => {
      const world = bench.world({ dataVolumes: false });
      expect(await bench.run(world)).toMatchObject({ kind: 'Completed' });
      expect(world.actsOf('snapshotSource')).toEqual([]);
      expect(world.left()).toEqual([]);
    });

    it('of the only instance of its pool sends no request to an empty group', async () => {
      const world = bench.world({ others: 0 });
      const result = await bench.run(world);
      expect(result).toMatchObject({ kind: 'Completed' });
      expect(world.violations).toEqual([]);
      expect(world.serving()).toMatchObject({ instances: ['i-elsewhere', ...world.actsOf('launchShadow')].toSorted(), routesAsBefore: true });
    });

    it('leaves the shares of other pools alone at every step of the ramp', async () => {
      const world = bench.world();
      const shares: number[] = [];
      const look = async (): Promise<void> => {
        const forward = world.routes.get(RULE) ?? [];
        shares.push((forward.find(({ targetGroupArn }) => targetGroupArn === OTHER_POOL)?.weight ?? 0) / forward.reduce((sum, { weight }) => sum + weight, 0));
      };
      for (const phase of ['verify', 'ramp', 'bake', 'drain'] as const) for (const activity of ['setWeights', 'judgeTraffic'] as const) world.during(activity, phase, look);
      await bench.run(world);
      expect(shares.length).toBeGreaterThanOrEqual(5);
      for (const share of shares) expect(share).toBeCloseTo(0.1, 2);
    });
  });

  describe('as a dry run', () => {
    it('answers with the plan, its hash, forecast and cost, and does nothing', async () => {
      const world = bench.world();
      const result = await bench.run(world, { dryRun: true });
      expect(result).toMatchObject({
        kind: 'Planned',
        planHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        assessment: { contended: true },
        plan: { instanceId: world.source.instanceId, terminates: [`instance ${world.source.instanceId} (m7i.large in us-east-1a)`] },
      });
      if (result.kind !== 'Planned') throw new Error(result.kind);
      expect(result.plan.rungs.map(({ shape, zone }) => `${shape} in ${zone}`)).toEqual(ZONES.map((zone) => `m7i.xlarge in ${zone}`));
      expect(result.plan.cost.doubleRunningUsd).toBeGreaterThan(0);
      expect(world.acts).toEqual([]);
      expectUntouched(world);
    });
  });

  describe('with an input that is wrong', () => {
    it.each<[string, Record<string, unknown>, string]>([
      ['a field that does not exist', { bakeMinutes: 3 }, 'bakeMinutes is not a field of migrateInstance'],
      ['an instance id that is none', { instanceId: 'web-1' }, 'instanceId is "web-1"'],
      ['no instance id', { instanceId: undefined }, 'instanceId is missing'],
      ['a ramp that does not end with everything', { rampStepsPercent: [10, 50] }, 'rampStepsPercent is [10,50]'],
      ['a ramp that falls', { rampStepsPercent: [50, 10, 100] }, 'rampStepsPercent is [50,10,100]'],
      ['a text for a flag', { dryRun: 'yes' }, 'dryRun is "yes"'],
      ['a negative duration', { bakeMs: -1 }, 'bakeMs is -1'],
      ['no zone to choose from', { zones: [] }, 'zones is []'],
    ])('%s, fails at once as InvalidInput, naming the field', async (_, wrong, sentence) => {
      const world = bench.world();
      const failure = await failureOf(bench.run(world, wrong));
      expect(failure).toMatchObject({ type: 'InvalidInput', message: expect.stringContaining(sentence) });
      expect(world.calls).toEqual([]);
    });

    it('in two fields, names both', async () => {
      const failure = await failureOf(bench.run(bench.world(), { bakeMs: -1, probePath: 'health' }));
      expect(failure.message).toMatch(/bakeMs is -1.*probePath is "health"/);
    });

    it('naming an instance that does not exist, fails as NotFound with its id', async () => {
      const world = bench.world();
      world.instances.delete(world.source.instanceId);
      expect(await failureOf(bench.run(world))).toMatchObject({ type: 'NotFound', message: `instance ${world.source.instanceId} does not exist` });
      expect(world.acts).toEqual([]);
    });
  });

  describe('and the lock', () => {
    it('started under another workflow id, runs as migration/<instance> and answers with its result', async () => {
      const world = bench.world();
      const result = await bench.run(world, {}, 'made-up-by-the-ui');
      expect(result).toMatchObject({ kind: 'Completed', instanceId: world.source.instanceId });
      const holder = await bench.holderOf(world).describe();
      expect(holder.status.name).toBe('COMPLETED');
      expect(world.actsOf('terminateSource')).toHaveLength(1);
    });

    it('refuses a second start as Conflict, naming the workflow that holds it, and the first goes on', async () => {
      const world = bench.world();
      const first = await bench.start(world, { approval: 'required' });
      const { awaitingApproval } = await bench.until(first, (status) => status.awaitingApproval !== null);
      const second = await failureOf(bench.run(world, {}, 'second'));
      expect(second).toMatchObject({ type: 'Conflict', message: `instance ${world.source.instanceId} is already being migrated by workflow migration/${world.source.instanceId}` });
      await first.executeUpdate('approve', { args: [{ planHash: awaitingApproval?.planHash }] });
      expect(await first.result()).toMatchObject({ kind: 'Completed' });
    });

    it('lets whoever started under another id pause, resume and abort', async () => {
      const world = bench.world();
      const outer = await bench.start(world, { approval: 'required' }, 'outer');
      const holder = bench.holderOf(world);
      await untilThere(() => bench.until(holder, (status) => status.awaitingApproval !== null));
      await outer.signal('pause');
      await bench.until(holder, ({ paused }) => paused);
      await outer.signal('resume');
      await bench.until(holder, ({ paused }) => !paused);
      await outer.signal('requestAbort', { reason: 'no' });
      expect(await outer.result()).toEqual({ kind: 'Refused', error: 'Aborted', reasons: ['no'] });
      expectUntouched(world);
    });
  });

  describe('that needs approval', () => {
    it('waits, touches nothing, and goes when the plan is approved; the audit says by whom', async () => {
      const world = bench.world();
      const handle = await bench.start(world, { approval: 'required' });
      const { awaitingApproval, planHash } = await bench.until(handle, (status) => status.awaitingApproval !== null);
      expect(awaitingApproval?.planHash).toBe(planHash);
      expect(world.acts).toEqual([]);
      expect(await handle.executeUpdate('approve', { args: [{ planHash, by: 'ada' }] })).toBe('approved');
      expect(await handle.result()).toMatchObject({ kind: 'Completed' });
      expect(world.audit.find(({ kind }) => kind === 'approval')).toMatchObject({ actor: 'ada', summary: `approved plan ${planHash}` });
    });

    it('refuses an approval of another plan, and of none, and keeps waiting', async () => {
      const world = bench.world();
      const handle = await bench.start(world, { approval: 'required' });
      const { planHash } = await bench.until(handle, (status) => status.awaitingApproval !== null);
      expect((await failureOf(handle.executeUpdate('approve', { args: [{ planHash: 'f00' }] }))).message).toBe(`planHash f00 is not the plan that awaits approval (${planHash})`);
      expect((await failureOf(handle.executeUpdate('approve', { args: [{}] }))).message).toMatch(/planHash is missing/);
      expect((await bench.status(handle)).awaitingApproval?.planHash).toBe(planHash);
      await handle.executeUpdate('abort', { args: [{ reason: 'enough' }] });
      expect(await handle.result()).toMatchObject({ kind: 'Refused', error: 'Aborted', reasons: ['enough'] });
      expectUntouched(world);
    });

    it('is refused when nobody approves in time, and nothing was touched', async () => {
      const world = bench.world();
      const result = await bench.run(world, { approval: 'required', approvalTimeoutMs: 3_600_000 });
      expect(result).toMatchObject({ kind: 'Refused', error: 'ApprovalExpired', reasons: [expect.stringMatching(/^nobody approved plan [0-9a-f]{64} by /)] });
      expect(world.acts).toEqual([]);
      expectUntouched(world);
    });

    it('refuses an approval that nobody waits for', async () => {
      const world = bench.world();
      const answers: string[] = [];
      const handle = await startWith(world, {}, 'reserveCapacity', 'reserve', async (running) => {
        answers.push((await failureOf(running.executeUpdate('approve', { args: [{ planHash: 'f00' }] }))).message);
      });
      expect(await handle.result()).toMatchObject({ kind: 'Completed' });
      expect(answers).toEqual(['no approval is awaited']);
    });
  });

  describe('under an operator', () => {
    it('paused in the ramp, holds where it is until it is resumed', async () => {
      const world = bench.world();
      const handle = await startWith(world, {}, 'setWeights', 'ramp', (running) => running.signal('pause'));
      await bench.until(handle, ({ paused }) => paused);
      await bench.env.sleep('2h');
      const held = await bench.status(handle);
      expect(held).toMatchObject({ paused: true, phase: 'ramp', shadowPercent: 0 });
      await bench.env.sleep('2h');
      expect(await bench.status(handle)).toEqual(held);
      await handle.signal('resume');
      expect(await handle.result()).toMatchObject({ kind: 'Completed' });
      expect(world.audit.filter(({ kind }) => kind === 'operator').map(({ summary }) => summary)).toEqual(['paused', 'resumed']);
    });

    it('aborted while it is paused, goes back', async () => {
      const world = bench.world();
      const handle = await startWith(world, {}, 'launchShadow', 'shadow', (running) => running.signal('pause'));
      await bench.until(handle, ({ paused, shadowId }) => paused && shadowId !== null);
      await bench.env.sleep('1h');
      await handle.executeUpdate('abort', { args: [{ reason: 'not today' }] });
      expect(await handle.result()).toMatchObject({ kind: 'RolledBack', reasons: ['not today'] });
      expectUntouched(world);
    });

    it('follows a new ramp rate for the steps still to come', async () => {
      const world = bench.world();
      const percents: (number | undefined)[] = [];
      const handle = await startWith(world, { rampStepsPercent: [10, 20, 30, 100] }, 'deregisterTarget', 'ramp', (running) =>
        running.executeUpdate('setRampRate', { args: [{ stepsPercent: [60, 100] }] }),
      );
      const result = await handle.result();
      if (result.kind !== 'Completed') throw new Error(result.kind);
      percents.push(...world.audit.filter(({ summary }) => summary.startsWith('ramp ') && summary.includes('%: pass')).map(({ summary }) => Number(/ramp (\d+) %/.exec(summary)?.[1])));
      expect(percents).toEqual([60, 100]);
    });

    it('holds a step that is waited on only as long as the new rate says', async () => {
      const world = bench.world();
      const handle = await startWith(world, { rampStepMs: 86_400_000, bakeMs: 0 }, 'deregisterTarget', 'ramp', (running) =>
        running.executeUpdate('setRampRate', { args: [{ stepMs: 1_000 }] }),
      );
      const result = await handle.result();
      if (result.kind !== 'Completed') throw new Error(result.kind);
      const ramp = result.phases.find(({ phase }) => phase === 'ramp');
      // One interval of a day measures the source before the first step; the rate came after its begin.
      expect((ramp?.endedAtMs ?? 0) - (ramp?.startedAtMs ?? 0)).toBeLessThan(86_400_000 + 60_000);
    });

    it.each([
      [{ stepsPercent: [10, 50] }, /stepsPercent is \[10,50\]/],
      [{ stepMs: 1 }, /stepMs is 1/],
      [{ speed: 2 }, /speed is not a field of setRampRate/],
    ])('refuses the ramp rate %j', async (rate, sentence) => {
      const world = bench.world();
      const handle = await bench.start(world, { approval: 'required' });
      await bench.until(handle, (status) => status.awaitingApproval !== null);
      expect((await failureOf(handle.executeUpdate('setRampRate', { args: [rate] }))).message).toMatch(sentence);
      await handle.executeUpdate('abort', { args: [{ reason: 'enough' }] });
      await handle.result();
    });

    it('aborted in the ramp, gives the traffic back to the source and undoes all of it', async () => {
      const world = bench.world();
      const weights: (number | undefined)[] = [];
      const handle = await startWith(world, {}, 'judgeTraffic', 'ramp', async (running) => {
        // The first measure is the source's own; let the ramp take its first step.
        world.during('judgeTraffic', 'ramp', async () => {
          weights.push(weightOf(world, LISTENER, 'tg-source'), weightOf(world, LISTENER, 'tg-shadow'));
          await running.executeUpdate('abort', { args: [{ reason: 'a change freeze', by: 'ada' }] });
        });
      });
      expect(await handle.result()).toMatchObject({ kind: 'RolledBack', phase: 'ramp', reasons: ['a change freeze'] });
      expect(weights.every((weight) => weight !== undefined && weight > 0)).toBe(true);
      expectUntouched(world);
      expect(world.groups.get(POOL)?.targets).toEqual(new Set([world.source.instanceId, 'i-other0']));
      expect(world.audit.find(({ kind, summary }) => kind === 'operator' && summary === 'abort: a change freeze')?.actor).toBe('ada');
      expect(await bench.status(handle)).toMatchObject({ phase: 'done', outcome: 'RolledBack', shadowPercent: 0, undo: [], left: [] });
    });

    it('aborted without a reason, is not', async () => {
      const world = bench.world();
      const refusals: string[] = [];
      const handle = await startWith(world, {}, 'launchShadow', 'shadow', async (running) => {
        for (const args of [{}, { reason: 'x', by: { name: 'ada' } }, { reason: 'x'.repeat(501) }]) refusals.push((await failureOf(running.executeUpdate('abort', { args: [args] }))).message);
        // A signal is not answered: one that says nothing has no effect, and does not make the workflow's own code fail.
        for (const args of [[], [null], ['stop'], [{ reason: '' }], [{ reason: { text: 'x' } }]]) await running.signal('requestAbort', ...args);
      });
      expect(await handle.result()).toMatchObject({ kind: 'Completed' });
      expect(refusals).toEqual(['reason is missing; abort takes {"reason": "..."}', 'by is {"name":"ada"}; expected a text of 1 to 100 characters', expect.stringMatching(/^reason is "x+\.\.\.; expected a text of 1 to 500 characters$/)]);
    });

    it('cannot be aborted past the point of no return: the update is refused, the signal has no effect', async () => {
      const world = bench.world();
      const refusals: string[] = [];
      const handle = await startWith(world, {}, 'terminateSource', 'retire', async (running) => {
        refusals.push((await failureOf(running.executeUpdate('abort', { args: [{ reason: 'too late' }] }))).message);
        await running.signal('requestAbort', { reason: 'too late' });
      });
      expect(await handle.result()).toMatchObject({ kind: 'Completed' });
      expect(refusals).toEqual([expect.stringContaining('is past the point of no return')]);
      expect(world.left()).toEqual([]);
      expect(world.violations).toEqual([]);
    });

    it('cancelled past the point of no return, goes on to the end', async () => {
      const world = bench.world();
      const handle = await startWith(world, {}, 'terminateSource', 'retire', (running) => running.cancel());
      expect(await handle.result()).toMatchObject({ kind: 'Completed' });
      expect(world.left()).toEqual([]);
    });
  });

  describe('where there is no capacity', () => {
    it('on the first rung, takes the next', async () => {
      const world = bench.world();
      world.full.add('m7i.xlarge in us-east-1a');
      expect(await bench.run(world)).toMatchObject({ kind: 'Completed', zone: 'us-east-1b', shape: 'm7i.xlarge' });
      expect(world.audit.find(({ kind }) => kind === 'refusal')).toMatchObject({ summary: 'rung 1 of 2 has no room: m7i.xlarge in us-east-1a' });
      expect(world.left()).toEqual([]);
    });

    it('on any rung, is Refused with a reason for each, and nothing is left', async () => {
      const world = bench.world();
      for (const zone of ZONES) world.full.add(`m7i.xlarge in ${zone}`);
      expect(await bench.run(world)).toEqual({
        kind: 'Refused',
        error: 'InsufficientCapacity',
        reasons: ZONES.map((zone) => `m7i.xlarge in ${zone}: no room for m7i.xlarge in ${zone}`),
      });
      expect(world.acts).toEqual([]);
      expectUntouched(world);
    });

    it('among the shapes that were asked for, is Refused as NoTarget before anything begins', async () => {
      const world = bench.world();
      expect(await bench.run(world, { shapes: ['m7i.large'] })).toEqual({ kind: 'Refused', error: 'NoTarget', reasons: ['no shape fits the forecast within shapes m7i.large'] });
      expect(world.acts).toEqual([]);
    });
  });

  describe('that should not go on', () => {
    it('is refused as StaleDecision when only contention was a reason and there is none', async () => {
      const world = bench.world();
      world.contended = false;
      expect(await failureOf(bench.run(world, { onlyIfContended: true }))).toMatchObject({ type: 'StaleDecision', message: expect.stringContaining('CPU stays below its limit') });
      expect(world.acts).toEqual([]);
    });

    it('goes back when the shadow fails requests that the source does not', async () => {
      const world = bench.world();
      world.shadowErrorRatio = 0.2;
      const result = await bench.run(world);
      expect(result).toMatchObject({ kind: 'RolledBack', phase: 'ramp', reasons: [expect.stringContaining("20.0 % of the shadow's requests failed, 0.0 % of the source's")] });
      expectUntouched(world);
    });

    it('goes back when the shadow turns bad in the bake', async () => {
      const world = bench.world();
      world.during('judgeTraffic', 'bake', async () => (world.shadowErrorRatio = 0.2));
      expect(await bench.run(world)).toMatchObject({ kind: 'RolledBack', phase: 'bake' });
      expectUntouched(world);
    });

    it('goes back when the steps bring no evidence', async () => {
      const world = bench.world();
      world.requestsPerSample = 3;
      expect(await bench.run(world)).toMatchObject({ kind: 'RolledBack', phase: 'ramp', reasons: [expect.stringMatching(/at 50 % no evidence after 2 intervals/)] });
      expectUntouched(world);
    });

    it('asks an operator instead when it is told to, and goes on where one approves', async () => {
      const world = bench.world();
      world.requestsPerSample = 3;
      const handle = await bench.start(world, { withoutEvidence: 'askOperator', rampStepsPercent: [50, 100] });
      await bench.until(handle, ({ phase }) => phase === 'ramp');
      await bench.env.sleep('10m');
      const asked = await bench.until(handle, (status) => status.awaitingApproval !== null);
      expect(asked).toMatchObject({ phase: 'ramp', shadowPercent: 50 });
      expect(asked.phases.at(-1)?.note).toMatch(/waiting for approval of going on without evidence at 50 % no evidence after 2 intervals: .* more are needed/);
      world.requestsPerSample = 500;
      await handle.executeUpdate('approve', { args: [{ planHash: asked.planHash, by: 'ada' }] });
      expect(await handle.result()).toMatchObject({ kind: 'Completed' });
    });

    it('goes back where nobody answers', async () => {
      const world = bench.world();
      world.requestsPerSample = 3;
      expect(await bench.run(world, { withoutEvidence: 'askOperator' })).toMatchObject({ kind: 'RolledBack', phase: 'ramp', reasons: [expect.stringMatching(/no evidence after 2 intervals.*; nobody approved plan/)] });
      expectUntouched(world);
    });

    it('goes back when the source keeps writing', async () => {
      const world = bench.world();
      world.sourceKeepsWriting = true;
      expect(await bench.run(world)).toMatchObject({ kind: 'RolledBack', phase: 'sync', reasons: [expect.stringMatching(/^the source keeps writing: 4096 bytes changed in round 4/)] });
      expectUntouched(world);
    });

    it('does not send load back to a source that is gone: an operator gets the shadow, running', async () => {
      const world = bench.world();
      world.during('judgeTraffic', 'bake', async () => {
        world.shadowErrorRatio = 0.2;
        const source = world.instances.get(world.source.instanceId);
        if (source !== undefined) source.state = 'stopped';
      });
      const result = await bench.run(world);
      expect(result).toMatchObject({ kind: 'NeedsOperator', phase: 'bake' });
      if (result.kind !== 'NeedsOperator') throw new Error(result.kind);
      const [shadow = ''] = world.actsOf('launchShadow');
      expect(result.left[0]).toMatch(/^give the traffic back to the source: .* its load must not be sent back to it$/);
      expect(result.left).toContain(`instance ${shadow}`);
      expect(world.instances.get(shadow)?.state).toBe('running');
      expect(world.serving().instances).toContain(shadow);
    });
  });

  /** Starts a migration during one call of which something is said to it. */
  async function startWith(
    world: FakeWorld,
    input: Partial<MigrateInstanceInput>,
    activity: Activity,
    phase: Phase,
    say: (handle: MigrationHandle) => Promise<unknown>,
  ): Promise<MigrationHandle> {
    let tell: (handle: MigrationHandle) => void = () => undefined;
    const started = new Promise<MigrationHandle>((resolve) => (tell = resolve));
    world.during(activity, phase, async () => say(await started));
    const handle = await bench.start(world, input);
    tell(handle);
    return handle;
  }
});

/** The workflow may not have been started yet. */
async function untilThere<T>(look: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await look();
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
