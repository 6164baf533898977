import type { Command } from 'commander';
import { createTagStore } from '../../adapters/postgres/tag-store';
import { checkUserTag } from '../../domain/workload-tags/tag-input';
import { decideTags, type WorkloadTag } from '../../domain/workload-tags/workload-tag';
import { withDatabase } from '../environment';
import { alignColumns } from '../forecast/align-columns';
import { WrongUsage } from '../report-failure';
import type { Common } from './common';

/** Adds `tag`, `untag`, `list` and `show`. */
export function addTagCommands(workloads: Command, common: (command: Command) => Command): void {
  common(workloads.command('tag')).description('Tags an instance by hand: it wins over what EC2 and measured use say').argument('<instanceId>').argument('<tag...>', 'key=value').option('--by <name>', 'who says so', 'operator').option('--reason <text>', 'why', 'by hand').action(tag);
  common(workloads.command('untag')).description('Takes a tag that was given by hand away again').argument('<instanceId>').argument('<key...>').action(untag);
  common(workloads.command('list')).description('Tags that are kept, of all instances').option('--key <key>', 'only these').action(list);
  common(workloads.command('show')).description('Tags of one instance, where each comes from, and why').argument('<instanceId>').action(show);
}

async function tag(instanceId: string, pairs: readonly string[], { stack, json, by, reason }: Common & { readonly by: string; readonly reason: string }): Promise<void> {
  const problems = pairs.flatMap((pair) => checkUserTag(instanceId, pair, reason));
  if (problems.length > 0) throw new WrongUsage(problems.join('; '));
  const tags = pairs.map((pair): WorkloadTag => {
    const at = pair.indexOf('=');
    return { resource: instanceId, key: pair.slice(0, at), value: pair.slice(at + 1), source: 'user', confidence: 1, reason: `${by}: ${reason}`, atMs: Date.now() };
  });
  await withDatabase(stack, (db) => createTagStore(db).put(tags));
  console.log(json === true ? JSON.stringify(tags, null, 2) : `${instanceId} is ${pairs.join(', ')}`);
}

async function untag(instanceId: string, keys: readonly string[], { stack, json }: Common): Promise<void> {
  const removed = await withDatabase(stack, (db) => createTagStore(db).remove(instanceId, keys, 'user'));
  if (removed === 0) throw new WrongUsage(`${instanceId} has no tag ${keys.join(' or ')} that was given by hand; "foreshift workloads show ${instanceId}" lists those that it has`);
  console.log(json === true ? JSON.stringify({ removed }) : `${removed} taken away from ${instanceId}`);
}

async function list({ stack, json, key }: Common & { readonly key?: string }): Promise<void> {
  const all = await withDatabase(stack, (db) => createTagStore(db).list());
  print(all.filter((one) => key === undefined || one.key === key), json === true, 'no tags are kept');
}

async function show(instanceId: string, { stack, json }: Common): Promise<void> {
  const all = await withDatabase(stack, (db) => createTagStore(db).list(instanceId));
  print(all, json === true, `no tags are kept of ${instanceId}`);
}

function print(tags: readonly WorkloadTag[], json: boolean, none: string): void {
  const decided = decideTags(tags);
  if (json) return console.log(JSON.stringify(tags.map((one) => ({ ...one, holds: decided.includes(one) })), null, 2));
  if (tags.length === 0) return console.log(none);
  for (const line of alignColumns(tags.map((one) => [one.resource, `${one.key}=${one.value}`, one.source, one.confidence.toFixed(2), decided.includes(one) ? '' : 'overruled', one.reason]))) console.log(line);
}
