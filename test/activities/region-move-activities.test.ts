import type { ComputePort, LaunchRequest } from '../../src/activities/compute-port';
import type { DiskPort } from '../../src/activities/disk-port';
import type { NetworkPort } from '../../src/activities/network-port';
import { createRegionMoveActivities } from '../../src/activities/region-move-activities';
import { createShadowActivities } from '../../src/activities/shadow-activities';
import { FACTS, OWNER, SOURCE, expectFailure, portOf } from './fake-ports';

const EAST = { ...SOURCE, region: 'us-east-1' };
const VPCS = [{ vpcId: 'vpc-west', isDefault: true, tags: {} }];
const networks = (vpcs = VPCS) => (region?: string) =>
  region === 'us-east-1'
    ? portOf<NetworkPort>({ namesOf: async () => ({ tags: {}, groupNames: ['web'] }) })
    : portOf<NetworkPort>({ candidates: async ({ groupNames }) => ({ vpcs, groups: groupNames.map((name) => ({ groupId: 'sg-west', name, vpcId: 'vpc-west' })), keyNames: [] }) });

describe('what a region does for an instance of another one', () => {
  it('reads names in the source\'s region and finds them in its own; what is not clear is the input\'s fault', async () => {
    const matchIn = (vpcs?: typeof VPCS) => createRegionMoveActivities({ disks: portOf<DiskPort>({}), networksIn: networks(vpcs) }).matchNetwork({ source: EAST, region: 'us-west-2' });
    await expect(matchIn()).resolves.toMatchObject({ vpcId: 'vpc-west', securityGroupIds: ['sg-west'], keyName: null });
    await expectFailure(matchIn([]), 'InvalidInput', /region is us-west-2: there is no default VPC/);
  });

  it('copies the snapshots of what changed, each by a step of its own, and no others', async () => {
    const copied: string[] = [];
    const disks = portOf<DiskPort>({ copySnapshot: async (_owner, snapshotId, { fromRegion, kmsKeyId }, step) => `copy ${copied.push(`${snapshotId} from ${fromRegion} as ${step} with ${kmsKeyId ?? ''}`)}` });
    const delta = (device: string, changedBytes: number) => ({ device, sourceVolumeId: 'vol', snapshotId: `snap ${device}`, changedBytes });
    const { copySnapshots } = createRegionMoveActivities({ disks, networksIn: networks() });
    const made = await copySnapshots({ owner: OWNER, deltas: [delta('b', 512), delta('c', 0)], fromRegion: 'us-east-1', kmsKeyId: 'mine', round: 2 });
    expect(made).toEqual([{ ...delta('b', 512), snapshotId: 'copy 1' }]);
    expect(copied).toEqual(['snap b from us-east-1 as copy-2-b with mine']);
  });

  it('launches with the user data of the source\'s region, and with the network of its own', async () => {
    const launched: LaunchRequest[] = [];
    const compute = portOf<ComputePort>({ launch: async (request) => ({ instanceId: `i-${launched.push(request)}` }) });
    const sources = portOf<ComputePort>({ describe: async () => ({ ...FACTS, keyName: 'ada' }), userData: async () => 'c2g=' });
    const { launchShadow } = createShadowActivities({ compute, computeIn: (region) => (region === 'us-east-1' ? sources : compute), disks: portOf<DiskPort>({}), fetch: () => Promise.reject(new Error('fetch was called')) });
    const rung = { zone: 'us-west-2a', subnetId: 'subnet-w', shape: 'm5.large', usdPerHour: 1, why: '' };
    const request = { owner: OWNER, source: EAST, imageId: 'ami-west', reservation: null, rung, leaveGroup: false };
    await launchShadow({ ...request, network: { vpcId: 'vpc-west', securityGroupIds: ['sg-west'], keyName: null, notes: [] } });
    await launchShadow(request);
    expect(launched).toMatchObject([
      { imageId: 'ami-west', userData: 'c2g=', source: { instanceId: 'i-1', securityGroupIds: ['sg-west'], keyName: null, tags: FACTS.tags } },
      { source: { securityGroupIds: ['sg-1'], keyName: 'ada' } },
    ]);
  });
});
