import { ElasticLoadBalancingV2Client, TargetGroupNotFoundException } from '@aws-sdk/client-elastic-load-balancing-v2';
import { createBalancer } from '../../../src/adapters/aws/balancer';
import { OWNER_TAG, RUN_TAG } from '../../../src/contracts/workflow-ids';

const OWNER = { workflowId: 'migration/i-1', runId: 'run-1' };
const KEPT = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/shop/1';
const VANISHED = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/fs-source-2/2';
const gone = () => new TargetGroupNotFoundException({ message: `Target groups '${VANISHED}' not found`, $metadata: { httpStatusCode: 400 } });

/** ELBv2 that lists a group which another move deletes before it is asked for. */
class VanishingGroups extends ElasticLoadBalancingV2Client {
  state = 'healthy';

  override send = (async ({ constructor, input }: { constructor: { name: string }; input: { TargetGroupArn?: string; ResourceArns?: string[] } }): Promise<unknown> => {
    if (constructor.name === 'DescribeTargetGroupsCommand') return { TargetGroups: [VANISHED, KEPT].map((TargetGroupArn) => ({ TargetGroupArn, TargetType: 'instance', TargetGroupName: TargetGroupArn.split('/')[1] })) };
    if (input.TargetGroupArn === VANISHED || input.ResourceArns?.includes(VANISHED) === true) throw gone();
    if (constructor.name === 'DescribeTargetHealthCommand') return { TargetHealthDescriptions: [{ Target: { Id: 'i-1', Port: 80 }, TargetHealth: { State: this.state } }] };
    return { TagDescriptions: (input.ResourceArns ?? []).map((ResourceArn) => ({ ResourceArn, Tags: [{ Key: OWNER_TAG, Value: OWNER.workflowId }, { Key: RUN_TAG, Value: OWNER.runId }] })) };
  }) as ElasticLoadBalancingV2Client['send'];
}

describe('a target group that is deleted between the list and the look at it', () => {
  const balancer = createBalancer(new VanishingGroups({ region: 'us-east-1' }));

  it('does not keep a move from finding what stands before its instance', async () => {
    expect(await balancer.bindingsOf('i-1')).toEqual([expect.objectContaining({ targetGroupArn: KEPT, port: 80 })]);
    expect(await balancer.groups()).toEqual([{ name: 'shop', members: [{ instanceId: 'i-1', state: 'healthy' }] }, { name: 'fs-source-2', members: [] }].toReversed());
  });

  it('does not hide the groups that a move has left', async () => {
    expect(await balancer.findOwnedGroups(OWNER)).toEqual([KEPT]);
  });
});

describe('an instance whose last requests end in a group', () => {
  it('is led to no more, and must not be ended yet: the group still lists it', async () => {
    const elb = new VanishingGroups({ region: 'us-east-1' });
    elb.state = 'draining';
    const balancer = createBalancer(elb);
    expect(await balancer.bindingsOf('i-1')).toEqual([]);
    expect(await balancer.listingsOf('i-1')).toEqual([{ targetGroupArn: KEPT, port: 80 }]);
  });
});
