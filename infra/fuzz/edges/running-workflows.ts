import fc from 'fast-check';
import { capacityWorkflowId, isolationWorkflowId, migrationWorkflowId, queueWorkflowId, replicasWorkflowId, routingWorkflowId, shapeWorkflowId, workloadWorkflowId } from '../../../src/contracts/workflow-ids';
import { placeOf } from '../../../src/domain/isolation-input';
import { ACCEPTED, edge, refusedWith, Violation } from '../edge';
import { mutatedJsonText } from '../mutate-json';
import { WORKFLOW_MESSAGES } from './message-examples';
import { WORKFLOW_INPUTS } from './workflow-examples';
import { missingServer, openWorkflowServer, type Started } from './workflow-server';

type Fields = Readonly<Record<string, string>>;
const LONGEST_ID = 200;
/** The ids that are locks: under another one, whatever else is right is refused. */
const LOCKS: Readonly<Record<string, (input: Fields) => string>> = {
  migrateInstance: ({ instanceId = '' }) => migrationWorkflowId(instanceId),
  recoverMigration: ({ instanceId = '' }) => migrationWorkflowId(instanceId),
  resizeInPlace: ({ instanceId = '' }) => migrationWorkflowId(instanceId),
  adjustShape: ({ instanceId = '' }) => shapeWorkflowId(instanceId),
  migrationQueue: ({ fleet = '' }) => queueWorkflowId(fleet),
  isolateHost: (input) => isolationWorkflowId(placeOf(input).place),
  preAllocateCapacity: ({ pool = '', window = '' }) => capacityWorkflowId(pool, window),
  provisionReplicas: ({ requestId = '' }) => replicasWorkflowId(requestId),
  routeRequests: ({ service = '' }) => routingWorkflowId(service),
  scaleWorkload: ({ tag = '' }) => workloadWorkflowId(tag),
};

const ofMessage = (name: string): readonly unknown[] => WORKFLOW_MESSAGES[name]?.examples ?? [];
const REASONS = ofMessage('a plain command');
/** What running workflows are told without an answer. */
const SIGNALS: readonly { readonly type: string; readonly name: string; readonly examples: readonly unknown[] }[] = [
  ...['pause', 'resume', 'requestAbort'].map((name) => ({ type: 'migrateInstance', name, examples: REASONS })),
  { type: 'migrateInstance', name: 'requestRampRate', examples: [{ stepsPercent: [50, 100], stepMs: 1_000, by: 'ada' }] },
  { type: 'migrationQueue', name: 'predict', examples: ofMessage('queue: predict') },
  { type: 'migrationQueue', name: 'moveEnded', examples: ofMessage('queue: moveEnded') },
  { type: 'routeRequests', name: 'recommend', examples: ofMessage('routing: recommend') },
  { type: 'routeRequests', name: 'follow', examples: ofMessage('routing: follow') },
  { type: 'routeRequests', name: 'withdraw', examples: REASONS },
];
const inputs: fc.Arbitrary<Started> = fc.constantFrom(...Object.keys(WORKFLOW_INPUTS)).chain((type) => mutatedJsonText(WORKFLOW_INPUTS[type]?.examples ?? []).map((json) => ({ type, json, signal: null })));
const signals: fc.Arbitrary<Started> = fc.constantFrom(...SIGNALS).chain(({ type, name, examples }) => mutatedJsonText(examples).map((json) => ({ type, json: JSON.stringify(WORKFLOW_INPUTS[type]?.examples[0]), signal: { name, json } })));

/** The same inputs, and signals to workflows whose input is right, through a Temporal server and the built workflows: a refusal ends the run as `InvalidInput` before any activity, and no input makes a workflow's own code fail, which would be tried for ever. */
export const runningWorkflows = edge<Started>({
  name: 'workflows',
  about: 'inputs through a Temporal server and the built workflows',
  share: 1,
  leastOfAll: 10_000,
  missing: missingServer,
  async open() {
    const server = await openWorkflowServer();
    return {
      inputs: fc.oneof(inputs, signals),
      // A server and a worker stand between; code that fails is seen by its attempts.
      withinMs: 30_000,
      async give(started) {
        const { came, activities } = await server.start(started, idOf(started.type, started.json));
        if (came.kind !== 'refused') return ACCEPTED;
        if (activities.length > 0) throw new Violation(`refused, after ${activities.join(', ')}: ${came.sentence}`);
        return refusedWith(came.sentence);
      },
      close: () => server.close(),
    };
  },
});

function idOf(type: string, json: string): string {
  const input: unknown = JSON.parse(json);
  const fields = typeof input === 'object' && input !== null ? Object.fromEntries(Object.entries(input).map(([name, value]) => [name, typeof value === 'string' ? value : ''])) : {};
  const id = (LOCKS[type]?.(fields) ?? `fuzz/${type}`).replaceAll(/[^ -~]/g, '');
  return id.length > LONGEST_ID ? `fuzz/${type}` : id;
}
