import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from '../operation';
import type { ResourceRecord } from './records';

/** What a record has under a filter's name; several values when the property is a list. */
export type FilterFields<T> = Readonly<Record<string, (record: T) => string | undefined | readonly string[]>>;

/** The records that pass all filters; within a filter one matching value is enough. `*` and `?` are wildcards. */
export function applyFilters<T extends ResourceRecord>(
  records: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: FilterFields<T>,
): readonly T[] {
  let passed = records;
  for (const { Name: name = '', Values: values = [] } of filters ?? []) {
    const field = fieldOf(name, fields);
    const patterns = values.map(wildcard);
    passed = passed.filter((record) => {
      const present = field(record);
      const candidates = present === undefined ? [] : typeof present === 'string' ? [present] : present;
      return candidates.some((candidate) => patterns.some((pattern) => pattern.test(candidate)));
    });
  }
  return passed;
}

function fieldOf<T extends ResourceRecord>(
  name: string,
  fields: FilterFields<T>,
): (record: T) => string | undefined | readonly string[] {
  if (name.startsWith('tag:')) return (record) => record.tags.get(name.slice('tag:'.length));
  if (name === 'tag-key') return (record) => [...record.tags.keys()];
  if (name === 'tag-value') return (record) => [...record.tags.values()];
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return field;
}

function wildcard(value: string): RegExp {
  const escaped = value.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`, 's');
}
