import { CREATED_AS_OURS, IN_A_FLEET, OURS, managed, type Permission } from './permission';

const INSTANCES = ['ec2:*:@:instance/*'];
/** Snapshots and images are of no account, to IAM. */
const SNAPSHOTS = ['ec2:*::snapshot/*'];
const GROUPS = ['elasticloadbalancing:*:@:targetgroup/*'];
const RULES = ['elasticloadbalancing:*:@:listener-rule/*'];
const LISTENERS = ['elasticloadbalancing:*:@:listener/*'];

/** All that is only read. */
export const LOOK: Permission = {
  sid: 'Look',
  why: 'reads; EC2, ELB and Auto Scaling know no narrower resource for them',
  actions: [
    'autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribeScalingActivities',
    'cloudwatch:GetMetricData',
    'ec2:DescribeCapacityReservations', 'ec2:DescribeHosts', 'ec2:DescribeImages', 'ec2:DescribeInstanceAttribute', 'ec2:DescribeInstanceCreditSpecifications', 'ec2:DescribeInstances', 'ec2:DescribeInstanceStatus',
    'ec2:DescribeInstanceTypeOfferings', 'ec2:DescribeInstanceTypes', 'ec2:DescribeKeyPairs', 'ec2:DescribeLaunchTemplateVersions', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSnapshots', 'ec2:DescribeSpotPriceHistory',
    'ec2:DescribeSubnets', 'ec2:DescribeVolumes', 'ec2:DescribeVpcs',
    'elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTags', 'elasticloadbalancing:DescribeTargetGroupAttributes',
    'elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetHealth',
    'pricing:GetProducts', 'servicequotas:GetServiceQuota', 'ssm:GetCommandInvocation',
  ],
};

/** What `foreshift worker` calls: all reads, and acts on what is in a fleet or its own. */
export const WORKER_PERMISSIONS: readonly Permission[] = [
  LOOK,
  { sid: 'Backlog', why: 'how many tasks wait for a worker, by which more are started', actions: ['cloudwatch:PutMetricData'], anyOf: [{ StringEquals: { 'cloudwatch:namespace': 'Foreshift' } }] },
  { sid: 'LaunchFrom', why: 'what a shadow or a replica is launched from and into', actions: ['ec2:RunInstances'], resources: ['ec2:*::image/*', 'ec2:*:@:subnet/*', 'ec2:*:@:security-group/*', 'ec2:*:@:network-interface/*', 'ec2:*:@:key-pair/*', 'ec2:*:@:capacity-reservation/*', 'ec2:*::snapshot/*'] },
  { sid: 'Launch', why: 'shadows, replicas, images, snapshots, volumes and reservations come to be with their owner\'s tag', actions: ['ec2:RunInstances', 'ec2:CreateVolume', 'ec2:CreateCapacityReservation', 'ec2:CopySnapshot', 'ec2:CopyImage', 'ebs:StartSnapshot'], resources: ['ec2:*:@:instance/*', 'ec2:*:@:volume/*', 'ec2:*:@:capacity-reservation/*', 'ec2:*::image/*', ...SNAPSHOTS], anyOf: CREATED_AS_OURS },
  { sid: 'ImageOf', why: 'images and snapshots are made of a source alone: whoever may make one of an instance may read its disks', actions: ['ec2:CreateImage', 'ec2:CreateSnapshots'], resources: INSTANCES, anyOf: managed() },
  { sid: 'ImageVolumes', why: 'a source\'s volumes may carry no tag; the call names the instance as well', actions: ['ec2:CreateSnapshots'], resources: ['ec2:*:@:volume/*'] },
  { sid: 'ImageMade', why: 'and come to be with their owner\'s tag', actions: ['ec2:CreateImage', 'ec2:CreateSnapshots'], resources: ['ec2:*::image/*', ...SNAPSHOTS], anyOf: CREATED_AS_OURS },
  { sid: 'TagAtCreation', why: 'the tags of what is created come with it', actions: ['ec2:CreateTags'], anyOf: [{ StringEquals: { 'ec2:CreateAction': ['RunInstances', 'CreateImage', 'CreateSnapshots', 'CreateVolume', 'CreateCapacityReservation', 'CopyImage', 'CopySnapshot', 'StartSnapshot'] } }] },
  { sid: 'Tag', why: 'a finished shadow loses its owner\'s tags and says what it replaced', actions: ['ec2:CreateTags', 'ec2:DeleteTags'], anyOf: managed() },
  { sid: 'RunInstance', why: 'sources, shadows and replicas are stopped, started, changed and ended', actions: ['ec2:StartInstances', 'ec2:StopInstances', 'ec2:TerminateInstances', 'ec2:ModifyInstanceAttribute'], resources: INSTANCES, anyOf: managed() },
  { sid: 'AttachTo', why: 'a shadow\'s volumes are exchanged', actions: ['ec2:AttachVolume', 'ec2:DetachVolume'], resources: [...INSTANCES, 'ec2:*:@:volume/*'], anyOf: OURS },
  { sid: 'TakeAway', why: 'what Foreshift made is taken away again', actions: ['ec2:CancelCapacityReservation', 'ec2:DeleteSnapshot', 'ec2:DeleteVolume', 'ec2:DeregisterImage'], anyOf: OURS },
  { sid: 'Blocks', why: 'changed blocks of a source are read and written to a snapshot; EBS direct APIs', actions: ['ebs:ListSnapshotBlocks', 'ebs:ListChangedBlocks', 'ebs:GetSnapshotBlock'], resources: SNAPSHOTS, anyOf: OURS },
  { sid: 'WriteBlocks', why: 'as above', actions: ['ebs:PutSnapshotBlock', 'ebs:CompleteSnapshot'], resources: SNAPSHOTS, anyOf: OURS },
  { sid: 'GroupOfARamp', why: 'groups and rules of a ramp or a routing come to be with their owner\'s tag', actions: ['elasticloadbalancing:CreateTargetGroup', 'elasticloadbalancing:CreateRule'], resources: [...GROUPS, ...RULES, ...LISTENERS], anyOf: CREATED_AS_OURS },
  { sid: 'TagGroupAtCreation', why: 'as above', actions: ['elasticloadbalancing:AddTags'], resources: [...GROUPS, ...RULES], anyOf: [{ StringEquals: { 'elasticloadbalancing:CreateAction': ['CreateTargetGroup', 'CreateRule'] } }] },
  { sid: 'EndGroup', why: 'and are taken away', actions: ['elasticloadbalancing:DeleteTargetGroup', 'elasticloadbalancing:DeleteRule', 'elasticloadbalancing:ModifyTargetGroupAttributes'], resources: [...GROUPS, ...RULES], anyOf: OURS },
  { sid: 'Traffic', why: 'the service\'s own groups, rules and listeners, which carry no tag of ours', actions: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:ModifyRule', 'elasticloadbalancing:ModifyListener'], resources: [...GROUPS, ...RULES, ...LISTENERS] },
  { sid: 'Command', why: 'the agent on an instance of a fleet is spoken to', actions: ['ssm:SendCommand'], resources: INSTANCES, anyOf: managed('ssm:resourceTag') },
  { sid: 'CommandDocument', why: 'by this document alone', actions: ['ssm:SendCommand'], resources: ['ssm:*::document/AWS-RunShellScript'] },
  { sid: 'EndCommand', why: 'commands know no resource', actions: ['ssm:CancelCommand'] },
  { sid: 'ScalingGroup', why: 'Auto Scaling groups of a fleet are raised and lowered', actions: ['autoscaling:SetDesiredCapacity', 'autoscaling:PutScheduledUpdateGroupAction', 'autoscaling:DeleteScheduledAction', 'autoscaling:CreateOrUpdateTags', 'autoscaling:DeleteTags'], resources: ['autoscaling:*:@:autoScalingGroup:*:autoScalingGroupName/*'], anyOf: IN_A_FLEET },
  { sid: 'Profile', why: 'a shadow gets its source\'s instance profile', actions: ['iam:PassRole'], resources: ['iam::@:role/*'], anyOf: [{ StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }] },
];
