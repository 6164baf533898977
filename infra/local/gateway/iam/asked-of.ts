import type { AwsCall } from '../operation';
import type { Cloud } from '../ec2/cloud';
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
/** By how an id begins. Images and snapshots are of no account, to IAM. */
const KINDS: Readonly<Record<string, string>> = { i: 'instance', vol: 'volume', snap: 'snapshot', ami: 'image', cr: 'capacity-reservation' };
const OF_NO_ACCOUNT = new Set(['image', 'snapshot']);
const ID = /^(i|vol|snap|ami|cr)-[0-9a-f]+$/;

interface TagParam {
  readonly Key?: string;
  readonly Value?: string;
}

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
  const requested = requestedTags(params);
  const inRequest = Object.assign({}, ...[...requested.values()].map((tags) => tagKeys('aws:RequestTag', tags))) as Readonly<Record<string, string>>;
  return [
    ...idsIn(params).map((id) => ({ action, resource: arnOf(KINDS[id.split('-')[0] ?? ''] ?? '', id), keys: { ...inRequest, ...tagKeys('aws:ResourceTag', tagsOf(cloud, id)) } })),
    ...created.map((kind) => ({ action, resource: arnOf(kind, '*'), keys: tagKeys('aws:RequestTag', requested.get(kind) ?? new Map<string, string>()) })),
    ...(requested.size > 0 ? created.map((kind) => ({ action: 'ec2:CreateTags', resource: arnOf(kind, '*'), keys: { 'ec2:CreateAction': operation } })) : []),
  ];
}

/** Ids anywhere in the parameters. Of what is launched or listed only what is acted on counts: a block's index is no id. */
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

function requestedTags({ TagSpecifications = [], Tags }: { readonly TagSpecifications?: readonly { readonly ResourceType?: string; readonly Tags?: readonly TagParam[] }[]; readonly Tags?: readonly TagParam[] }): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const specified = [...TagSpecifications, ...(Tags === undefined ? [] : [{ ResourceType: 'snapshot', Tags }])];
  return new Map(specified.map((one) => [one.ResourceType ?? '', new Map((one.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))]));
}

function tagKeys(prefix: string, tags: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...tags].map(([key, value]) => [`${prefix}/${key}`, value]));
}
