import type { WorkloadTagStore } from '../../../src/activities/workload-tag-port';
import { createWorkloadMembers } from '../../../src/activities/workload-members';
import { createTagStore } from '../../../src/adapters/postgres/tag-store';
import type { WorkloadTag } from '../../../src/domain/workload-tags/workload-tag';
import { FACTS, portOf } from '../../activities/fake-ports';
import { withDatabase } from './embedded-database';

const tag = (resource: string, value: string, source: WorkloadTag['source'], confidence = 1): WorkloadTag => ({ resource, key: 'app', value, source, confidence, reason: 'why', atMs: 1 });

describe('tags that are kept', () => {
  let store: WorkloadTagStore;
  withDatabase((db) => {
    store = createTagStore(db);
  });

  it('are one for each source, the later one, and a user\'s decides who is a member', async () => {
    await store.put([tag('i-a', 'shop', 'user'), tag('i-b', 'web', 'automatic', 0.7), tag('i-c', 'web', 'automatic', 0.7)]);
    await store.put([tag('i-d', 'shop', 'user'), tag('i-d', 'web', 'user')]);
    expect(await store.list('i-d')).toEqual([tag('i-d', 'web', 'user')]);
    const facts = (instanceId: string, tags: Record<string, string>) => ({ ...FACTS, instanceId, state: 'running', tags });
    const all = [facts('i-a', { app: 'web' }), facts('i-b', {}), facts('i-c', { app: 'other' }), facts('i-d', {}), facts('i-e', { app: 'web' })];
    const compute = portOf<Parameters<typeof createWorkloadMembers>[0]>({ listTagged: async () => all.filter(({ tags }) => tags['app'] === 'web'), describe: async (id) => all.find(({ instanceId }) => instanceId === id) ?? FACTS });
    const members = createWorkloadMembers(compute, store);
    // i-a is a shop by its user, i-c another by EC2; i-b is web by use alone.
    expect(await members.membersOf({ app: 'web' })).toEqual(['i-b', 'i-d', 'i-e']);
    expect(await store.remove('i-a', ['app', 'tier'], 'user')).toBe(1);
    expect(await members.membersOf({ app: 'web' })).toEqual(['i-a', 'i-b', 'i-d', 'i-e']);
  });
});
