import type { InstanceFacts } from '../../../src/activities/compute-port';
import { businessFailure } from '../../../src/contracts/errors';
import { fuzzCase } from '../../bench/alarms/fuzz-endpoint';
import { LocalSns } from '../../bench/alarms/local-sns';
import { createIntake, type Intake } from '../../../src/triggers/intake';
import { parseRules } from '../../../src/triggers/rules-file';
import type { StoredMemory, TriggerStore, TriggerTemporal } from '../../../src/triggers/ports';
import { listenForSns, type ListeningServer } from '../../../src/triggers/sns/http-server';
import { STARTABLES } from '../../../src/triggers/startable-workflows';
import { createRandomStream } from '../../../src/domain/seeded-random';

export const HOST = 'i-0123456789abcdef0';
const FACTS = { instanceId: HOST, state: 'running', shape: 'm7i.large', zone: 'us-east-1a', tags: { Name: 'shop', 'foreshift:fleet': 'shop', 'foreshift:service': 'web' }, volumes: [] } as unknown as InstanceFacts;
const RULES = `version: 1
rules:
  - {name: tick, when: {name: "tick*"}, start: {workflow: shapeFleet, input: {fleet: "\${name}"}}}
  - {name: hold, when: {kind: [health, scheduledEvent]}, start: {workflow: isolateHost, input: {hostId: "\${instanceId}", reason: "\${reason}"}}}
  - {name: direct, when: {kind: interruption}, start: {workflow: migrateInstance, input: {instanceId: "\${instanceId}"}}}
  - {name: hot, when: {}, move: {fleet: shop, after: 0s}}
`;

/** Everything after the ways in is real: envelopes, rules, the memory's decisions. What would reach Temporal is noted. */
export interface AlarmsWorld {
  readonly intake: Intake;
  readonly sns: LocalSns;
  readonly server: ListeningServer;
  /** What was begun since it was asked last; `wrong`: what that workflow itself would refuse. */
  takeBegun(): readonly { readonly what: string; readonly wrong: readonly string[] }[];
  /** A body as the bench of this endpoint makes them. */
  benchBody(number: number): string;
}

export async function openAlarmsWorld(): Promise<AlarmsWorld> {
  const begun: { what: string; wrong: readonly string[] }[] = [];
  const temporal: TriggerTemporal = {
    enqueue: async (_, { itemId }) => (begun.push({ what: `queued ${itemId}`, wrong: [] }), { itemId, kind: 'queued', position: 1 }),
    withdraw: async () => true,
    start: async ({ workflowType, input }) => (begun.push({ what: `started ${workflowType}`, wrong: STARTABLES[workflowType]?.check(input) ?? ['it is none that may be started'] }), 'started'),
  };
  const { rules, policy } = parseRules(RULES);
  const intake = createIntake({
    rules, policy, temporal,
    store: memoryStore(),
    compute: { describe: async (instanceId) => (instanceId === HOST ? FACTS : Promise.reject(businessFailure('NotFound', `${instanceId} is not there`))), shape: async (name) => ({ name, family: 'm7i', vcpus: 2, memoryMiB: 8_192, networkGbps: 1, architecture: 'x86_64', usdPerHour: 0.1 }) },
    alarms: { stateOf: async () => null, tagsOf: async () => ({}) },
    audit: { append: async () => ({ seq: 1, hash: '', detailDigest: '' }) },
    now: Date.now,
  });
  const sns = new LocalSns(intake.handle);
  return { intake, sns, server: await listenForSns({ host: '127.0.0.1', port: 0, tls: null, answer: sns.answer }), takeBegun: () => begun.splice(0), benchBody: (number) => fuzzCase(sns, number, createRandomStream(number)).toString('latin1') };
}

/** Forgets what is long ago: memory is measured here. */
function memoryStore(): TriggerStore {
  const rows = new Map<string, StoredMemory>();
  return {
    load: async (subjects) => new Map(subjects.flatMap((subject) => (rows.has(subject) ? [[subject, rows.get(subject) as StoredMemory] as const] : []))),
    async save(changes) {
      if (rows.size > 200) rows.clear();
      for (const { subject, memory, version } of changes) rows.set(subject, { memory, version: version + 1 });
      return new Set(changes.map(({ subject }) => subject));
    },
    due: async () => [],
    forget: async () => undefined,
  };
}
