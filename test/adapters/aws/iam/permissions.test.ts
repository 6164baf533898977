import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAllowed, type Asked } from '../../../../infra/local/gateway/iam/evaluate-policy';
import { policyDocument } from '../../../../src/adapters/aws/iam/policy-document';
import { ROLE_PERMISSIONS, type Role } from '../../../../src/adapters/aws/iam/roles';

const ADAPTERS = join(__dirname, '..', '..', '..', '..', 'src', 'adapters', 'aws');
const SCOPE = { account: '123456789012', partition: 'aws' };
/** IAM's prefix of a client's actions. */
const PREFIXES: Readonly<Record<string, string>> = {
  'auto-scaling': 'autoscaling', cloudwatch: 'cloudwatch', ebs: 'ebs', ec2: 'ec2', 'elastic-load-balancing-v2': 'elasticloadbalancing', eventbridge: 'events', kms: 'kms', pricing: 'pricing', 'service-quotas': 'servicequotas', sesv2: 'ses', sns: 'sns', sqs: 'sqs', ssm: 'ssm',
};
/** Batches are allowed by the action of one, and these have no call of their own: tags come with what is created, a profile with the launch. */
const ALONE: Readonly<Record<string, string>> = { 'sqs:DeleteMessageBatch': 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility' };
const WITHOUT_CALL = new Set(['elasticloadbalancing:AddTags', 'iam:PassRole']);

/** Every call to AWS that is written down in the adapters, as the action that IAM asks for. */
function calledActions(): ReadonlySet<string> {
  const called = new Set<string>();
  for (const file of readdirSync(ADAPTERS).filter((name) => name.endsWith('.ts'))) {
    for (const [, names = '', client = ''] of readFileSync(join(ADAPTERS, file), 'utf8').matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)) {
      for (const name of names.split(',').map((text) => text.trim())) {
        const operation = /^(\w+)Command$/.exec(name)?.[1] ?? /^paginate(\w+)$/.exec(name)?.[1];
        if (operation === undefined) continue;
        const action = `${PREFIXES[client] ?? client}:${operation}`;
        called.add(ALONE[action] ?? action);
      }
    }
  }
  return called;
}

describe('the policies of the roles', () => {
  const called = calledActions();
  const granted = new Set(Object.values(ROLE_PERMISSIONS).flatMap((permissions) => permissions.flatMap(({ actions }) => [...actions] as string[])));

  it('allow every call that an adapter makes', () => {
    expect(called.size).toBeGreaterThan(80);
    expect([...called].filter((action) => !granted.has(action))).toEqual([]);
  });

  it('allow nothing that no adapter calls', () => {
    expect([...granted].filter((action) => !called.has(action) && !WITHOUT_CALL.has(action))).toEqual([]);
  });

  it.each(Object.keys(ROLE_PERMISSIONS) as Role[])('fit into a role\'s own policy, with distinct statement ids and no wildcard action: %s', (role) => {
    const policy = policyDocument(ROLE_PERMISSIONS[role], SCOPE);
    // Without white space, as IAM counts: 10,240 for all policies of a role's own.
    expect(JSON.stringify(policy).length).toBeLessThan(10_240);
    expect(new Set(policy.Statement.map(({ Sid }) => Sid)).size).toBe(policy.Statement.length);
    for (const { Sid, Action } of policy.Statement) {
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z0-9]+$/);
    }
  });

  it('let only the worker change anything on EC2 or a load balancer', () => {
    const changing = /^(ec2|elasticloadbalancing|autoscaling|ebs):(?!Describe|List|Get)/;
    for (const [role, permissions] of Object.entries(ROLE_PERMISSIONS)) {
      if (role !== 'worker') expect(permissions.flatMap(({ actions }) => [...actions] as string[]).filter((action) => changing.test(action))).toEqual([]);
    }
  });
});

describe('the policy of the worker', () => {
  const policy = policyDocument(ROLE_PERMISSIONS.worker, SCOPE);
  const INSTANCE = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0';
  const OWNED = { 'aws:ResourceTag/foreshift:owner': 'migration/i-1' };
  const IN_A_FLEET = { 'aws:ResourceTag/foreshift:fleet': 'shop' };
  const may = (asked: Asked): boolean => isAllowed(policy, asked);

  it.each(['ec2:TerminateInstances', 'ec2:StopInstances', 'ec2:ModifyInstanceAttribute', 'ec2:StartInstances', 'ec2:DeleteTags', 'ssm:SendCommand', 'ec2:AttachVolume'])('does not allow %s on an instance that nobody gave to Foreshift', (action) => {
    expect(may({ action, resource: INSTANCE, keys: { 'aws:ResourceTag/Name': 'billing' } })).toBe(false);
  });

  it.each(['ec2:TerminateInstances', 'ec2:StopInstances', 'ec2:ModifyInstanceAttribute'])('allows %s on a source of a fleet, and on what Foreshift made', (action) => {
    for (const keys of [IN_A_FLEET, OWNED, { 'aws:ResourceTag/foreshift:replicas': 'r-1' }]) expect(may({ action, resource: INSTANCE, keys })).toBe(true);
  });

  it.each([
    ['ec2:DeleteVolume', 'arn:aws:ec2:us-east-1:123456789012:volume/vol-1'],
    ['ec2:DeleteSnapshot', 'arn:aws:ec2:us-east-1::snapshot/snap-1'],
    ['ec2:DeregisterImage', 'arn:aws:ec2:us-east-1::image/ami-1'],
    ['ec2:CancelCapacityReservation', 'arn:aws:ec2:us-east-1:123456789012:capacity-reservation/cr-1'],
    ['elasticloadbalancing:DeleteTargetGroup', 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/1'],
    ['ebs:PutSnapshotBlock', 'arn:aws:ec2:us-east-1::snapshot/snap-1'],
    ['ebs:GetSnapshotBlock', 'arn:aws:ec2:us-east-1::snapshot/snap-1'],
  ])('allows %s of what Foreshift made alone, also where it is a fleet\'s', (action, resource) => {
    expect([may({ action, resource }), may({ action, resource, keys: IN_A_FLEET }), may({ action, resource, keys: OWNED })]).toEqual([false, false, true]);
  });

  it('allows a launch only with the owner\'s tag on what comes to be', () => {
    const launch = { action: 'ec2:RunInstances', resource: INSTANCE };
    expect([may(launch), may({ ...launch, keys: { 'aws:RequestTag/foreshift:owner': 'migration/i-1' } })]).toEqual([false, true]);
    expect(may({ action: 'ec2:RunInstances', resource: 'arn:aws:ec2:us-east-1::image/ami-1' })).toBe(true);
  });

  it.each(['ec2:CreateImage', 'ec2:CreateSnapshots'])('allows %s, by which disks could be read, of a source alone, and only with the owner\'s tag on what comes to be', (action) => {
    const made = { action, resource: 'arn:aws:ec2:us-east-1::snapshot/*' };
    const requested = { 'aws:RequestTag/foreshift:owner': 'migration/i-1' };
    expect(may({ action, resource: INSTANCE, keys: { 'aws:ResourceTag/Name': 'billing', ...requested } })).toBe(false);
    expect(may({ action, resource: INSTANCE, keys: IN_A_FLEET })).toBe(true);
    expect([may(made), may({ ...made, keys: requested })]).toEqual([false, true]);
  });

  it('allows tags on nobody\'s resource, and no call in another account', () => {
    expect(may({ action: 'ec2:CreateTags', resource: INSTANCE })).toBe(false);
    expect(may({ action: 'ec2:CreateTags', resource: INSTANCE, keys: { 'ec2:CreateAction': 'RunInstances' } })).toBe(true);
    expect(may({ action: 'ec2:TerminateInstances', resource: INSTANCE.replace('123456789012', '999999999999'), keys: OWNED })).toBe(false);
  });

  it('runs no other document than a shell script on instances', () => {
    expect(may({ action: 'ssm:SendCommand', resource: 'arn:aws:ssm:us-east-1::document/AWS-RunPatchBaseline' })).toBe(false);
    expect(may({ action: 'ssm:SendCommand', resource: 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript' })).toBe(true);
    expect(may({ action: 'ssm:SendCommand', resource: INSTANCE, keys: { 'ssm:resourceTag/foreshift:fleet': 'shop' } })).toBe(true);
  });

  it('passes roles to EC2 alone', () => {
    const pass = { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/shop' };
    expect([may(pass), may({ ...pass, keys: { 'iam:PassedToService': 'lambda.amazonaws.com' } }), may({ ...pass, keys: { 'iam:PassedToService': 'ec2.amazonaws.com' } })]).toEqual([false, false, true]);
  });
});
