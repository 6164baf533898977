import { businessFailure } from '../contracts/errors';
import type { KeeperArgs, MigrationActivities } from '../contracts/migration-activities';
import type { ComputePort } from './compute-port';
import { stateOf } from './instance-state';
import type { Sides, StateKeeperPort } from './state-keeper-port';

type StateActivities = Pick<MigrationActivities, 'beginSync' | 'lookAtSync' | 'handOverState' | 'beginSyncBack' | 'takeStateBack' | 'endSync'>;

export interface StateDependencies {
  readonly keeperOf: (move: Pick<KeeperArgs, 'strategy' | 'shadowId' | 'shadowRegion'>) => StateKeeperPort;
  readonly compute: ComputePort;
}

/** The state of a service that has one writer: it flows to the shadow, goes over, and flows back until there is no way back any more. */
export function createStateActivities({ keeperOf, compute }: StateDependencies): StateActivities {
  // A source that is gone is not waited for as one that does not answer yet.
  const orGone = async <T>(sourceId: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const state = await stateOf(compute, sourceId);
      if (state !== 'running') throw businessFailure('VerificationFailed', `source ${sourceId} is ${state}: its state cannot be carried over`);
      throw error;
    }
  };
  return {
    beginSync: (args) => orGone(args.sourceId, keeperOf(args).begin(sidesOf(args), args)),
    lookAtSync: (args) => orGone(args.sourceId, keeperOf(args).look(sidesOf(args))),
    handOverState: (args) => orGone(args.sourceId, keeperOf(args).handOver(sidesOf(args), args)),
    beginSyncBack: (args) => keeperOf(args).beginBack(sidesOf(args), args),
    takeStateBack: (args) => keeperOf(args).takeBack(sidesOf(args), args),
    endSync: (args) => keeperOf(args).end(sidesOf(args)),
  };
}

function sidesOf({ owner, sourceId, shadowId }: KeeperArgs): Sides {
  return { owner: `${owner.workflowId}/${owner.runId}`, sourceId, shadowId };
}
