import type { CreateTagsRequest, DeleteTagsRequest, DescribeTagsRequest, DescribeTagsResult, Filter, TagDescription } from '@aws-sdk/client-ec2';
import { AwsError, type OperationHandler } from '../operation';
import { PASS_THROUGH } from '../pass-through';
import { refuseDryRun, type Cloud } from './cloud';
import { owned } from './owned';
import type { ResourceRecord } from './records';
import { OWN_KINDS, kindOf } from './resource-kinds';

/** Tags of the gateway's own resources; those of all others are moto's. */
export function tagOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    CreateTags: owned((input: CreateTagsRequest) => {
      const records = ownRecords(cloud, input.Resources ?? []);
      if (!records) return PASS_THROUGH;
      refuseDryRun(input);
      for (const record of records) for (const { Key = '', Value = '' } of input.Tags ?? []) record.tags.set(Key, Value);
      return {};
    }),

    DeleteTags: owned((input: DeleteTagsRequest) => {
      const records = ownRecords(cloud, input.Resources ?? []);
      if (!records) return PASS_THROUGH;
      refuseDryRun(input);
      for (const { tags } of records) {
        if (input.Tags === undefined) tags.clear();
        for (const { Key = '', Value } of input.Tags ?? []) {
          // With a value, a tag goes only when it has this value.
          if (Value === undefined || tags.get(Key) === Value) tags.delete(Key);
        }
      }
      return {};
    }),

    DescribeTags: owned((input: DescribeTagsRequest): DescribeTagsResult | typeof PASS_THROUGH => {
      if (asksForOthers(input.Filters ?? [])) return PASS_THROUGH;
      return { Tags: filterTags(allTags(cloud), input.Filters ?? []) };
    }),
  };
}

/** The records behind the ids; undefined when none of them is the gateway's own. */
function ownRecords(cloud: Cloud, ids: readonly string[]): readonly ResourceRecord[] | undefined {
  const own = ids.filter(isOwn);
  if (own.length === 0) return undefined;
  if (own.length < ids.length) {
    const message = 'The local cloud cannot tag instances, volumes, snapshots, images, capacity reservations or hosts in one call with other resources';
    throw new AwsError('InvalidParameterCombination', message);
  }
  return ids.map((id) => recordOf(cloud, id));
}

function isOwn(id: string): boolean {
  return kindOf(id) !== undefined;
}

function recordOf(cloud: Cloud, id: string): ResourceRecord {
  switch (kindOf(id)) {
    case 'instance':
      return cloud.instance(id);
    case 'volume':
      return cloud.volume(id);
    case 'snapshot':
      return cloud.snapshot(id);
    case 'image':
      return cloud.image(id);
    case 'dedicated-host':
      return cloud.host(id);
    default:
      return cloud.reservation(id);
  }
}

function asksForOthers(filters: readonly Filter[]): boolean {
  const ids = valuesOf(filters, 'resource-id');
  const types = valuesOf(filters, 'resource-type');
  return (ids.length > 0 && !ids.some(isOwn)) || (types.length > 0 && !types.some((type) => OWN_KINDS.includes(type)));
}

function valuesOf(filters: readonly Filter[], name: string): readonly string[] {
  return filters.filter((filter) => filter.Name === name).flatMap((filter) => filter.Values ?? []);
}

function allTags(cloud: Cloud): readonly TagDescription[] {
  const records: ResourceRecord[] = [cloud.instances, cloud.volumes, cloud.snapshots, cloud.images, cloud.reservations, cloud.hosts].flatMap(
    (map: ReadonlyMap<string, ResourceRecord>) => [...map.values()],
  );
  return records.flatMap((record) =>
    [...record.tags].map(([Key, Value]) => ({
      ResourceId: record.id,
      ResourceType: kindOf(record.id),
      Key,
      Value,
    })),
  );
}

function filterTags(tags: readonly TagDescription[], filters: readonly Filter[]): TagDescription[] {
  return tags.filter((tag) =>
    filters.every(({ Name = '', Values = [] }) => {
      const fields: Record<string, string | undefined> = {
        'resource-id': tag.ResourceId,
        'resource-type': tag.ResourceType,
        key: tag.Key,
        value: tag.Value,
      };
      const found = Name.startsWith('tag:') ? (tag.Key === Name.slice(4) ? tag.Value : undefined) : fields[Name];
      return found !== undefined && Values.includes(found);
    }),
  );
}
