import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import type { Cloud } from '../ec2/cloud';
import { kindOf } from '../ec2/resource-kinds';
import { tagsFor } from '../ec2/tags';
import type { AwsCall } from '../operation';
import type { Asked } from './evaluate-policy';

/** IAM's prefix where it is not the name that requests are signed for. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };
/** Batches are allowed by the action of one. */
const ALONE = /^(DeleteMessage|ChangeMessageVisibility)Batch$/;
/** Kinds of what a call creates, each of which it must be allowed to. */
const CREATES: Readonly<Record<string, readonly string[]>> = {
  RunInstances: ['instance', 'volume'],
  CreateImage: ['image', 'snapshot'],
  CopyImage: ['image'],
  CreateSnapshots: ['snapshot'],
  CopySnapshot: ['snapshot'],
  StartSnapshot: ['snapshot'],
  CreateVolume: ['volume'],
  CreateCapacityReservation: ['capacity-reservation'],
};
/** To IAM. */
const OF_NO_ACCOUNT = new Set(['image', 'snapshot']);
/** Of what calls are allowed on: IAM asks for no host. */
const ID = /^(i|vol|snap|ami|cr)-[0-9a-f]+$/;

/**
 * What IAM would be asked for a call (docs.aws.amazon.com/service-authorization): the action on every resource that it names, on those that it creates with the tags that they get, and the tagging
 * itself. Tags of resources are known for EC2, EBS and commands; for every other service the action on its resource alone is asked.
 */
export function askedOf(call: AwsCall, cloud: Cloud): readonly Asked[] {
  const { service, operation, params } = call;
  const prefix = PREFIXES[service] ?? service;
  const action = `${prefix}:${operation.replace(ALONE, '$1')}`;
  const arnOf = (kind: string, id: string): string => `arn:aws:ec2:${call.region}:${OF_NO_ACCOUNT.has(kind) ? '' : cloud.deps.accountId}:${kind}/${id}`;
  if (/^(Describe|Get(?!Snapshot))/.test(operation)) return [{ action, resource: '*' }];
  if (service === 'ssm') {
    const instances = idsIn(params['InstanceIds']).map((id) => ({ action, resource: arnOf('instance', id), keys: tagKeys('ssm:resourceTag', tagsOf(cloud, id)) }));
    return operation === 'SendCommand' ? [{ action, resource: `arn:aws:ssm:${call.region}::document/${String(params['DocumentName'])}` }, ...instances] : [{ action, resource: '*' }];
  }
  if (service !== 'ec2' && service !== 'ebs') return [{ action, resource: arnIn(params) ?? null, keys: null }];
  const created = CREATES[operation] ?? [];
  const requested = specificationsIn(params);
  const requestKeys = (kind: string): Readonly<Record<string, string>> => tagKeys('aws:RequestTag', tagsFor(kind, requested));
  const inRequest = Object.fromEntries(created.flatMap((kind) => Object.entries(requestKeys(kind))));
  return [
    ...idsIn(params).map((id) => ({ action, resource: arnOf(kindOf(id) ?? '', id), keys: { ...inRequest, ...tagKeys('aws:ResourceTag', tagsOf(cloud, id)) } })),
    ...created.map((kind) => ({ action, resource: arnOf(kind, '*'), keys: requestKeys(kind) })),
    ...(requested.length > 0 ? created.map((kind) => ({ action: 'ec2:CreateTags', resource: arnOf(kind, '*'), keys: { 'ec2:CreateAction': operation } })) : []),
  ];
}

/** Ids anywhere in the parameters. */
function idsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return ID.test(value) ? [value] : [];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(idsIn) : [];
}

function arnIn(params: Readonly<Record<string, unknown>>): string | undefined {
  return Object.values(params).find((value): value is string => typeof value === 'string' && value.startsWith('arn:'));
}

function tagsOf(cloud: Cloud, id: string): ReadonlyMap<string, string> {
  const record = cloud.instances.get(id) ?? cloud.volumes.get(id) ?? cloud.snapshots.get(id) ?? cloud.images.get(id) ?? cloud.reservations.get(id);
  return record?.tags ?? new Map<string, string>();
}

/** A snapshot that is begun block by block has its tags without naming what they are for. */
function specificationsIn({ TagSpecifications = [], Tags }: { readonly TagSpecifications?: readonly TagSpecification[]; readonly Tags?: Tag[] }): readonly TagSpecification[] {
  return Tags === undefined ? TagSpecifications : [{ ResourceType: 'snapshot', Tags }];
}

function tagKeys(prefix: string, tags: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...tags].map(([key, value]) => [`${prefix}/${key}`, value]));
}
