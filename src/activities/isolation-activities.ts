import { nullIfNotFound } from '../contracts/errors';
import type { DrainOutcome, IsolationActivities } from '../contracts/isolate-host';
import type { EnqueueAnswer } from '../contracts/migration-queue';
import { FLEET_TAG, OWNER_TAG } from '../contracts/workflow-ids';
import type { FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import { usualMoveUsd } from '../domain/fleet-plan/usual-move-usd';
import { planDrain, type DrainMember } from '../domain/queue/plan-drain';
import { tallyAnswers } from '../domain/queue/tally-answers';
import { serviceOf } from '../domain/service-of';
import { slaClassOf } from '../domain/sla-class-of';
import type { ComputePort, InstanceFacts } from './compute-port';
import type { IsolationStore } from './isolation-port';
import type { QueueClient } from './queue-client-port';

export interface IsolationDependencies {
  readonly compute: Pick<ComputePort, 'listPlaced' | 'shape'>;
  readonly isolations: IsolationStore;
  readonly queues: Pick<QueueClient, 'enqueue'>;
  readonly policy: FleetPlanPolicy;
}

/** Names of this many are told; the count is of all. */
const MOST_TOLD = 20;

/** Keeps isolations, and drains what is isolated. */
export function createIsolationActivities({ compute, isolations, queues, policy }: IsolationDependencies): IsolationActivities {
  return {
    isolatePlace: (isolation) => isolations.put(isolation),
    liftIsolation: ({ place }) => isolations.lift(place),
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
        const drained = await Promise.all(its.map((facts) => drainMember(facts, compute, policy)));
        answers.push(...(await queues.enqueue(fleet, planDrain(drained, { place, requestedBy: `foreshift:isolation:${source}`, ...order }))));
      }
      const { queued, duplicates, refusals } = tallyAnswers(answers);
      return {
        members: members.length,
        unmanaged: members.filter(({ tags }) => tags[FLEET_TAG] === undefined).slice(0, MOST_TOLD).map(({ instanceId }) => instanceId),
        answers: { queued, waiting: duplicates, refused: refusals.slice(0, MOST_TOLD) },
        fleets: [...byFleet.keys()].toSorted(),
      };
    },
  };
}

/** What runs on a shape without a known price is drained all the same. */
async function drainMember({ instanceId, tags, shape: shapeName }: InstanceFacts, compute: Pick<ComputePort, 'shape'>, policy: FleetPlanPolicy): Promise<DrainMember> {
  const slaClass = slaClassOf(tags);
  const shape = await compute.shape(shapeName).catch(nullIfNotFound);
  return { instanceId, name: tags['Name'] ?? instanceId, service: serviceOf(tags), slaClass, costUsd: shape === null ? 0 : usualMoveUsd(shape, slaClass, policy) };
}
