import type { DrainOutcome, IsolationActivities } from '../contracts/isolate-host';
import type { EnqueueAnswer } from '../contracts/migration-queue';
import { OWNER_TAG } from '../contracts/workflow-ids';
import { planDrain, slaClassOf } from '../domain/queue/plan-drain';
import { serviceOf } from '../domain/service-of';
import type { ComputePort, InstanceFacts } from './compute-port';
import type { IsolationStore } from './isolation-port';
import type { QueueClient } from './queue-client-port';

export interface IsolationDependencies {
  readonly compute: Pick<ComputePort, 'listPlaced'>;
  readonly isolations: IsolationStore;
  readonly queues: Pick<QueueClient, 'enqueue'>;
  readonly now: () => number;
}

const FLEET_TAG = 'foreshift:fleet';
/** Names of this many are told; the count is of all. */
const MOST_TOLD = 20;

/** Keeps isolations, and drains what is isolated. */
export function createIsolationActivities({ compute, isolations, queues, now }: IsolationDependencies): IsolationActivities {
  return {
    isolatePlace: (isolation) => isolations.put(isolation),
    liftIsolation: ({ place }) => isolations.lift(place),
    listIsolations: () => isolations.active(now()),
    async drainPlace({ kind, place, source, ...order }): Promise<DrainOutcome> {
      // The shadow of a migration is the migration's own affair.
      const members = (await compute.listPlaced(kind, place)).filter(({ state, tags }) => state === 'running' && tags[OWNER_TAG] === undefined);
      const byFleet = new Map<string, InstanceFacts[]>();
      for (const member of members) {
        const fleet = member.tags[FLEET_TAG];
        if (fleet !== undefined) byFleet.set(fleet, [...(byFleet.get(fleet) ?? []), member]);
      }
      const answers: EnqueueAnswer[] = [];
      for (const [fleet, its] of byFleet) {
        const drained = its.map(({ instanceId, tags }) => ({ instanceId, name: tags['Name'] ?? instanceId, service: serviceOf(tags), slaClass: slaClassOf(tags) }));
        answers.push(...(await queues.enqueue(fleet, planDrain(drained, { place, requestedBy: `foreshift:isolation:${source}`, ...order }))));
      }
      return {
        members: members.length,
        unmanaged: members.filter(({ tags }) => tags[FLEET_TAG] === undefined).slice(0, MOST_TOLD).map(({ instanceId }) => instanceId),
        answers: {
          queued: answers.filter(({ kind: answer }) => answer === 'queued').length,
          waiting: answers.filter(({ kind: answer }) => answer === 'duplicate').length,
          refused: answers.flatMap((answer) => (answer.kind === 'refused' ? [`${answer.itemId}: ${answer.reason}`] : [])).slice(0, MOST_TOLD),
        },
        fleets: [...byFleet.keys()].toSorted(),
      };
    },
  };
}
