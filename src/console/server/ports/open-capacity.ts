import { MIGRATION_QUEUE } from '../../../contracts/migration-queue';
import type { QueueStatus } from '../../../contracts/migration-queue';
import { PRE_ALLOCATE_CAPACITY } from '../../../contracts/pre-allocate-capacity';
import type { HoldStatus } from '../../../contracts/pre-allocate-capacity';
import { PROVISION_REPLICAS } from '../../../contracts/provision-replicas';
import type { ProvisionStatus } from '../../../contracts/provision-replicas';
import type { Linked } from '../../capacity-api';
import { sharedRead } from '../shared-read';
import type { CapacityPorts } from './console-ports';
import type { TemporalSide } from './temporal-side';

/** Each is asked, and so wakes a worker. */
const MOST_OF_A_KIND = 100;
const KEPT_MS = 3_000;

/** What is held, provided and queued, as the workflows that do it answer. */
export function openCapacity(temporal: TemporalSide): Pick<CapacityPorts, 'readCapacity' | 'readQueues'> {
  async function running<Status>(type: string): Promise<{ readonly answers: Linked<Status>[]; readonly silent: string[] }> {
    const found = await temporal.list(`WorkflowType = '${type}' AND ExecutionStatus = 'Running'`, MOST_OF_A_KIND);
    const asked = await Promise.all(found.map(async ({ workflowId, runId }) => ({ workflowId, status: await temporal.statusOf<Status>(workflowId), temporalUrl: temporal.linkTo(workflowId, runId) })));
    return {
      answers: asked.flatMap(({ status, temporalUrl }) => (status === null ? [] : [{ status, temporalUrl }])),
      silent: asked.flatMap(({ workflowId, status }) => (status === null ? [workflowId] : [])),
    };
  }

  return {
    readCapacity: sharedRead(async () => {
      const [holds, replicas] = await Promise.all([running<HoldStatus>(PRE_ALLOCATE_CAPACITY), running<ProvisionStatus>(PROVISION_REPLICAS)]);
      return { holds: holds.answers, replicas: replicas.answers, silent: [...holds.silent, ...replicas.silent] };
    }, KEPT_MS),
    readQueues: sharedRead(async () => {
      const { answers, silent } = await running<QueueStatus>(MIGRATION_QUEUE);
      return { queues: answers.toSorted((a, b) => a.status.fleet.localeCompare(b.status.fleet)), silent };
    }, KEPT_MS),
  };
}
