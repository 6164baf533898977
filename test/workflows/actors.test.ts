import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import fc from 'fast-check';
import { createActorActivities } from '../../src/activities/actor-activities';
import { readActorsFile } from '../../src/adapters/temporal/actor/actors-file';
import { signingInterceptor } from '../../src/adapters/temporal/actor/signing-interceptor';
import type { Speaker } from '../../src/adapters/temporal/actor/signing-interceptor';
import { publicKeyOf, readSigner, writeSigningKey } from '../../src/adapters/signing-key';
import type { ActorMessage } from '../../src/contracts/actor';
import { textOfClaim } from '../../src/domain/actor-claim';
import { migrationWorkflowId } from '../../src/contracts/workflow-ids';
import { BUNDLE, SagaBench } from './saga-bench';
import type { FakeWorld } from './fake-world';

const folder = mkdtempSync(join(tmpdir(), 'actors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const keyFile = (name: string): string => join(folder, `${name}.pem`);
for (const name of ['ada', 'bo', 'console', 'stranger']) writeSigningKey(keyFile(name));
const listed = [
  { name: 'ada', role: 'approver' },
  { name: 'bo', role: 'operator' },
  { name: 'console', role: 'viewer', speaksForOthers: true },
].map((actor) => ({ ...actor, publicKey: publicKeyOf(`${keyFile(actor.name)}.pub`) }));
const actorsFile = join(folder, 'actors.json');
writeFileSync(actorsFile, JSON.stringify(listed));
const actors = readActorsFile(actorsFile);

describe('A workflow that asks who speaks', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    bench = await SagaBench.start(actors);
  });
  afterAll(() => bench.stop());

  const clientOf = (name: string, speaker?: Speaker): Client => {
    const { connection, options } = bench.client;
    return new Client({ connection, namespace: options.namespace, interceptors: { workflow: [signingInterceptor(readSigner(keyFile(name)), Date.now, speaker === undefined ? undefined : () => speaker)] } });
  };
  const say = (client: Client, world: FakeWorld, message: string, args: object): Promise<string> =>
    client.workflow.getHandle(migrationWorkflowId(world.source.instanceId)).executeUpdate<string, [object]>(message, { args: [args] }).catch((error: unknown) => String((error as Error).cause));

  it('hears those whose key and role it knows, under their own name, and nobody else; and replays', async () => {
    const world = bench.world();
    const handle = await bench.start(world, { approval: 'required' });
    const { planHash } = await bench.until(handle, ({ awaitingApproval }) => awaitingApproval !== null);
    const approval = { planHash, by: 'the queen' };
    expect(await say(bench.client, world, 'approve', approval)).toContain('approve: nobody signed it; set FORESHIFT_ACTOR_KEY');
    expect(await say(clientOf('stranger'), world, 'approve', approval)).toContain('the workers know no key');
    expect(await say(clientOf('bo'), world, 'approve', approval)).toContain('bo is operator; expected approver or more');
    expect(await say(clientOf('bo', { actor: 'ada', role: 'approver' }), world, 'approve', approval)).toContain('the key of bo does not speak for ada');
    expect(await say(clientOf('console', { actor: 'eve', role: 'viewer' }), world, 'approve', approval)).toContain('eve is viewer; expected approver or more');
    expect(await say(clientOf('bo'), world, 'setRampRate', { stepMs: 5_000 })).toContain('new rate');
    expect(await say(clientOf('ada'), world, 'approve', approval)).toBe('approved');
    expect((await handle.result()).kind).toBe('Completed');
    expect(world.audit.filter(({ kind }) => kind === 'approval' || kind === 'operator').map(({ actor, summary }) => `${actor}: ${summary}`)).toEqual(['bo: ramp rate {"stepMs":5000}', `ada: approved plan ${planHash ?? ''}`]);
    await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, await handle.fetchHistory(), handle.workflowId);
  }, 60_000);

  it('hears a face that logs people in, in their name', async () => {
    const world = bench.world();
    const handle = await bench.start(world, { approval: 'required' });
    await bench.until(handle, ({ awaitingApproval }) => awaitingApproval !== null);
    expect(await say(clientOf('console', { actor: 'cy', role: 'operator' }), world, 'abort', { reason: 'not today' })).toBe('rolling back');
    // Nothing was begun yet, so that nothing is to be rolled back.
    expect((await handle.result()).kind).toBe('Refused');
    expect(world.audit.find(({ kind }) => kind === 'operator')).toMatchObject({ actor: 'cy', summary: 'abort: not today' });
  }, 60_000);
});

describe('A claim', () => {
  const NOW = 1_800_000_000_000;
  const signed = (name: string, said: Omit<ActorMessage, 'claim'>, atMs = NOW): ActorMessage => {
    const [signer, claimed] = [readSigner(keyFile(name)), { actor: null, role: null, atMs }];
    return { ...said, claim: { ...claimed, keyId: signer.keyId, signature: signer.sign(textOfClaim(claimed, said)) } };
  };
  const { verifyActor } = createActorActivities(actors, () => NOW);
  const approve = { workflowId: 'migration/i-1', message: 'approve', args: { planHash: 'a'.repeat(64) } };

  it('holds for its message alone: no other workflow, word or argument', async () => {
    expect(await verifyActor(signed('ada', approve))).toBe('ada');
    const { claim } = signed('ada', approve);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('workflowId', 'message', 'args'), fc.string(), async (field, other) => {
        fc.pre(JSON.stringify((approve as Record<string, unknown>)[field]) !== JSON.stringify(other));
        await expect(verifyActor({ ...approve, [field]: other, claim })).rejects.toMatchObject({ type: 'Unauthorized', nonRetryable: true });
      }),
    );
  });

  it('holds for minutes', async () => {
    for (const off of [-6 * 60_000, 6 * 60_000]) await expect(verifyActor(signed('ada', approve, NOW + off))).rejects.toThrow('holds for 5 minutes');
    for (const off of [-4 * 60_000, 4 * 60_000]) expect(await verifyActor(signed('ada', approve, NOW + off))).toBe('ada');
  });

  it('is not asked for where no actors are listed', async () => {
    expect(await createActorActivities(null, () => NOW).verifyActor({ ...approve, claim: null })).toBeNull();
  });
});

describe('A file of actors', () => {
  it.each<[string, unknown, string]>([
    ['is no list', {}, 'the list'],
    ['has a role that is none', [{ ...listed[0], role: 'king' }], '0.role'],
    ['has a key that is none', [{ ...listed[0], publicKey: 'c2VjcmV0' }], 'the publicKey of ada'],
    ['has a name twice', [listed[0], { ...listed[1], name: 'ada' }], 'expected each name once'],
  ])('that %s is refused', (_, list, says) => {
    writeFileSync(join(folder, 'wrong.json'), JSON.stringify(list));
    expect(() => readActorsFile(join(folder, 'wrong.json'))).toThrow(says);
  });
});
