import assert from 'node:assert/strict';
import { runInstance, type RunRequest } from '../../src/adapters/aws/run-instance';
import { isFailure } from '../../src/contracts/errors';
import { OWNER_TAG, RUN_TAG } from '../../src/contracts/workflow-ids';
import { DATA_GIB } from './cost-bound';
import type { ContractWorld } from './contract-world';

export interface ContractStep {
  /** What holds, in a sentence. */
  readonly name: string;
  readonly run: (world: ContractWorld) => Promise<void>;
}

const NOBODY = 'i-0123456789abcdef0';
const DATA_DEVICE = '/dev/sdf';

/**
 * What workflows rest on, of any endpoint that calls itself EC2: each in the order in which a move needs it, and each undone by the clean-up. What is made, is made by the adapters that
 * the product runs.
 */
export const CONTRACT_STEPS: readonly ContractStep[] = [
  {
    name: 'an instance that does not exist is NotFound, and not an error of the moment',
    async run({ compute }) {
      await assert.rejects(compute.describe(NOBODY), (error: unknown) => isFailure(error, 'NotFound'));
    },
  },
  {
    name: 'a reservation that is asked for twice by one token is one, and its owner finds it',
    async run({ reservations, owner, place, made, eventually }) {
      const first = await reservations.create(owner, place, 'reserve-1');
      made.reservationId = first.reservationId;
      assert.deepEqual(await reservations.create(owner, place, 'reserve-1'), first);
      await eventually('the reservation is active', async () => (await reservations.state(first.reservationId)) === 'active');
      await eventually('its owner finds it', async () => (await reservations.findOwned(owner)).includes(first.reservationId));
    },
  },
  {
    name: 'an instance that is launched twice by one token is one, in the reservation, with its owner on it and on its volumes',
    async run(world) {
      const { ec2, compute, disks, owner, made, eventually } = world;
      made.instanceId = (await runInstance(ec2, launchOf(world))).instanceId;
      assert.equal((await runInstance(ec2, launchOf(world))).instanceId, made.instanceId);
      await eventually('the instance runs', async () => (await compute.describe(made.instanceId)).state === 'running');
      const { reservationId, tags, shape, zone, volumes } = await compute.describe(made.instanceId);
      assert.deepEqual({ reservationId, owner: tags[OWNER_TAG], run: tags[RUN_TAG], shape, zone }, { reservationId: made.reservationId, owner: owner.workflowId, run: owner.runId, shape: world.place.shape, zone: world.place.zone });
      await eventually('its owner finds it', async () => (await compute.findOwned(owner)).some(({ instanceId }) => instanceId === made.instanceId));
      assert.equal((await compute.findOwned(owner)).length, 1);
      assert.equal((await disks.describeVolumes(volumes.map(({ volumeId }) => volumeId))).length, volumes.length);
    },
  },
  {
    name: 'a launch with the same token and another request is refused, and launches nothing',
    async run(world) {
      const request = launchOf(world);
      await assert.rejects(runInstance(world.ec2, { ...request, spec: { ...request.spec, tags: { Name: 'another' } } }));
      assert.equal((await world.compute.findOwned(world.owner)).length, 1);
    },
  },
  {
    name: 'an instance passes both checks, stops and starts',
    async run({ compute, made: { instanceId }, eventually }) {
      await eventually('both checks are ok', () => compute.passesChecks(instanceId));
      await compute.stop(instanceId);
      await eventually('it is stopped', async () => (await compute.describe(instanceId)).state === 'stopped');
      await compute.start(instanceId);
      await eventually('it runs again', async () => (await compute.describe(instanceId)).state === 'running');
    },
  },
  {
    name: 'an image that is asked for twice is one, and has a snapshot of each volume',
    async run({ disks, owner, made, eventually }) {
      made.imageId = await disks.createImage(owner, made.instanceId);
      await eventually('its owner finds it', async () => (await disks.findOwnedImages(owner)).includes(made.imageId));
      assert.equal(await disks.createImage(owner, made.instanceId), made.imageId);
      await eventually('it is available', async () => (await disks.image(made.imageId)).state === 'available');
      // The image's own volumes, and the one for data.
      assert.ok(Object.keys((await disks.image(made.imageId)).snapshotByDevice).length >= 2);
    },
  },
  {
    name: 'the snapshots of a step are one set; two of an untouched volume differ in nothing and have one digest',
    async run({ disks, owner, made, eventually }) {
      const steps = ['sync-1', 'sync-2'];
      for (const step of steps) {
        const [snapshot] = await disks.snapshotDataVolumes(owner, made.instanceId, step);
        made.snapshotIds = [...made.snapshotIds, snapshot?.snapshotId ?? ''];
        await eventually(`the snapshot of ${step} is complete and found`, async () => (await disks.findOwnedSnapshots(owner)).some(({ snapshotId, state }) => snapshotId === snapshot?.snapshotId && state === 'completed'));
        assert.deepEqual((await disks.snapshotDataVolumes(owner, made.instanceId, step)).map(({ snapshotId }) => snapshotId), [snapshot?.snapshotId]);
      }
      const [before = '', after = ''] = made.snapshotIds;
      assert.equal(await disks.changedBytes(before, after), 0);
      const nothing = (): void => undefined;
      assert.equal(await disks.digest(after, nothing), await disks.digest(before, nothing));
    },
  },
  {
    name: 'a volume that is asked for twice by one token is one, is attached and detached, and its owner finds it free',
    async run({ disks, owner, place, made, eventually }) {
      const [, snapshotId = ''] = made.snapshotIds;
      made.volumeId = await disks.createVolume(owner, snapshotId, place.zone, 'volume-1');
      assert.equal(await disks.createVolume(owner, snapshotId, place.zone, 'volume-1'), made.volumeId);
      const becomes = (state: string): Promise<void> => eventually(`the volume is ${state}`, async () => (await disks.volumeState(made.volumeId)) === state);
      await becomes('available');
      await disks.attach(made.volumeId, made.instanceId, '/dev/sdg');
      await becomes('in-use');
      await disks.detach(made.volumeId);
      await becomes('available');
      await eventually('its owner finds it', async () => (await disks.findOwnedFreeVolumes(owner)).includes(made.volumeId));
    },
  },
  {
    name: 'everything that was made is found by its owner alone, of each kind',
    async run({ owned, owner, eventually }) {
      const kinds = async (): Promise<string> => [...new Set((await owned.list(owner)).map(({ kind }) => kind))].toSorted().join();
      await eventually('all five kinds are found', async () => (await kinds()) === 'image,instance,reservation,snapshot,volume');
      assert.deepEqual(await owned.list({ ...owner, runId: 'another' }), []);
    },
  },
];

function launchOf({ owner, place, made }: ContractWorld): RunRequest {
  return {
    doing: 'launch the instance of the contract', owner, role: 'contract', token: 'launch-1', place, reservationId: made.reservationId, hostId: null,
    spec: { imageId: place.imageId, securityGroupIds: [], keyName: null, instanceProfileArn: null, userData: undefined, tags: { Name: 'foreshift-contract' }, blankVolumes: [{ device: DATA_DEVICE, sizeGiB: DATA_GIB, volumeType: 'gp3' }] },
  };
}
