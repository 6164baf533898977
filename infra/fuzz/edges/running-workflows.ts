import fc from 'fast-check';
import { capacityWorkflowId, isolationWorkflowId, migrationWorkflowId, queueWorkflowId, replicasWorkflowId, routingWorkflowId, shapeWorkflowId, workloadWorkflowId } from '../../../src/contracts/workflow-ids';
import { placeOf } from '../../../src/domain/isolation-input';
import { ACCEPTED, edge, refusedWith, Violation } from '../edge';
import { mutatedJsonText } from '../mutate-json';
import { missingServer, openWorkflowServer } from './workflow-server';
import { WORKFLOW_INPUTS } from './workflow-examples';

interface Started {
  readonly type: string;
  readonly json: string;
}

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

/** The same inputs through a Temporal server and the built workflows: a refusal ends the run as `InvalidInput` before any activity, and no input makes a workflow's own code fail, which would be tried for ever. */
export const runningWorkflows = edge<Started>({
  name: 'workflows',
  about: 'inputs through a Temporal server and the built workflows',
  share: 1,
  leastOfAll: 10_000,
  missing: missingServer,
  async open() {
    const server = await openWorkflowServer();
    return {
      inputs: fc.constantFrom(...Object.keys(WORKFLOW_INPUTS)).chain((type) => mutatedJsonText(WORKFLOW_INPUTS[type]?.examples ?? []).map((json) => ({ type, json }))),
      async give({ type, json }) {
        const { came, activities } = await server.start(type, idOf(type, json), json);
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
