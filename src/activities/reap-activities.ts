import { businessFailure, nullIfNotFound, retryableFailure } from '../contracts/errors';
import type { Owner } from '../contracts/migration-activities';
import type { ReapActivities, ReapLine } from '../contracts/reap-orphans';
import { MIGRATION_PREFIX } from '../contracts/workflow-ids';
import { describeResource, runKey, type OwnedResource } from '../domain/recovery/owned-resource';
import { ownerStateOf, type OwnerState } from '../domain/recovery/owner-state';
import { planReap, type MovedSight, type ReapPolicy, type ReapVerdict } from '../domain/recovery/plan-reap';
import { resourcesOf } from '../domain/recovery/resources-of';
import { servesInOwnGroup, type TrafficSight } from '../domain/recovery/traffic-sight';
import type { ComputePort } from './compute-port';
import { stateOf } from './instance-state';
import type { OwnedResourcePort, RunDirectory, RunRecordPort } from './owned-resource-port';
import { createTakeAway, type TakeAwayDependencies } from './take-away';

export interface ReapDependencies extends TakeAwayDependencies {
  readonly owned: OwnedResourcePort;
  readonly runs: RunDirectory;
  readonly records: RunRecordPort;
  readonly compute: Pick<ComputePort, 'describe' | 'terminate'>;
  readonly now: () => number;
}

/** So many of what stays are told by name; the counts are of all. */
const MOST_TOLD = 100;

/** Finds what workflows left behind, and takes away what nothing needs. */
export function createReapActivities(dependencies: ReapDependencies): ReapActivities {
  const { owned, runs, records, compute, now } = dependencies;
  const takeAway = createTakeAway(dependencies);

  const stateOfOwner = async (owner: Owner, confirmedGone: readonly string[]): Promise<OwnerState> => {
    const run = await runs.look(owner);
    const record = await records.find(owner.workflowId, run.kind === 'closed' ? [owner.runId, run.lastRunId] : [owner.runId]);
    return ownerStateOf(run, record, confirmedGone.includes(owner.workflowId));
  };
  const sightOf = async (workflowId: string, traffic: TrafficSight): Promise<MovedSight> => {
    const instanceId = workflowId.slice(MIGRATION_PREFIX.length);
    return { state: await stateOf(compute, instanceId), serves: servesInOwnGroup(traffic, instanceId) };
  };
  /** Of one run, or of all. */
  const decide = async (owner: Owner | null, policy: ReapPolicy, confirmedGone: readonly string[]): Promise<{ readonly verdicts: readonly ReapVerdict[]; readonly traffic: TrafficSight }> => {
    // First AWS: what is created meanwhile has a workflow that runs, or is younger than the grace.
    const [inEc2, traffic] = await Promise.all([owned.list(owner), owned.traffic()]);
    const resources = resourcesOf(inEc2, traffic).filter(({ owner: its, runId }) => owner === null || (its === owner.workflowId && runId === owner.runId));
    const owners: Record<string, OwnerState> = {};
    const moved: Record<string, MovedSight> = {};
    for (const resource of resources) {
      owners[runKey(resource)] ??= await stateOfOwner({ workflowId: resource.owner, runId: resource.runId }, confirmedGone);
      if (resource.owner.startsWith(MIGRATION_PREFIX)) moved[resource.owner] ??= await sightOf(resource.owner, traffic);
    }
    return { verdicts: planReap({ resources, owners, moved }, now(), policy), traffic };
  };

  return {
    async surveyOrphans({ policy, confirmedGone, mostActs }) {
      const { verdicts } = await decide(null, policy, confirmedGone);
      const of = (wanted: ReapVerdict['verdict']): readonly ReapVerdict[] => verdicts.filter(({ verdict }) => verdict === wanted);
      const [reap, keep, needsOperator] = [of('reap'), of('keep'), of('needsOperator')];
      return {
        resources: verdicts.length,
        reap: reap.slice(0, mostActs).map(lineOf),
        kept: keep.slice(0, MOST_TOLD).map(lineOf),
        needsOperator: needsOperator.slice(0, MOST_TOLD).map(lineOf),
        recoverable: [...new Set(needsOperator.filter(({ isRecoverable }) => isRecoverable).map(({ resource: { owner } }) => owner.slice(MIGRATION_PREFIX.length)))].slice(0, MOST_TOLD),
        counts: { reap: reap.length, keep: keep.length, needsOperator: needsOperator.length },
      };
    },
    async reapResource({ target, policy, confirmedGone, sinceMs }) {
      const { verdicts, traffic } = await decide({ workflowId: target.owner, runId: target.runId }, policy, confirmedGone);
      const found = verdicts.find(({ resource }) => resource.kind === target.kind && resource.id === target.id);
      if (found === undefined) return;
      if (found.verdict !== 'reap') throw businessFailure('Conflict', `${describeResource(target)} stays: ${found.why}`);
      await takeAway(found.resource, traffic, sinceMs).catch(nullIfNotFound);
      // It is gone when AWS says so: the next attempt looks.
      throw retryableFailure('NotReadyYet', `${describeResource(target)} is still to be seen`);
    },
  };
}

function lineOf({ resource: { kind, id, owner, runId, role }, why }: { readonly resource: OwnedResource; readonly why: string }): ReapLine {
  return { kind, id, owner, runId, role, why };
}
