import type { SeenActivity } from '../control/seen-activities';
import { FAULTS, canHappen } from './fault';
import type { Fault } from './fault';

/** One fault at one activity of one scenario. */
export interface FaultCase {
  /** Such as `migrateInstance/none/setWeights#2/reply-lost`: by it the case is run again. */
  readonly name: string;
  readonly scenario: string;
  readonly activity: string;
  readonly occurrence: number;
  readonly fault: Fault;
  /** There is no other way: an act of the way back, or one past the point of no return. */
  readonly isLastResort: boolean;
}

/** What a scenario's workflow was seen to carry out without any fault; of a scenario that turns back, what came after the turn. */
export interface SeenScenario {
  readonly scenario: string;
  readonly isWayBack: boolean;
  readonly canAbort: boolean;
  readonly activities: readonly SeenActivity[];
}

/** Every fault at every activity that the scenarios were seen to reach. */
export function makeCases(seen: readonly SeenScenario[]): readonly FaultCase[] {
  return seen.flatMap(({ scenario, activities, isWayBack, canAbort }) =>
    activities.flatMap((one, i) =>
      FAULTS.filter((fault) => canHappen(fault, one) && (canAbort || fault.name !== 'aborted')).map((fault) => ({
        name: `${scenario}/${one.activity}${one.occurrence === 1 ? '' : `#${one.occurrence}`}/${isWayBack ? undoNameOf(fault.name) : fault.name}`,
        scenario,
        activity: one.activity,
        occurrence: one.occurrence,
        fault,
        isLastResort: isWayBack || one.isUndo || i >= noReturnAt(activities),
      })),
    ),
  );
}

/** From these on there is one way: the source ends, or what was launched ahead does; or all is given back (a rehearsal's way back begins by asking whether the source serves), and it is asked whether that is so. */
const NO_RETURN = new Set(['verifySourceServes', 'terminateSource', 'endSync', 'deregisterReplicas', 'listLeftovers']);

function noReturnAt(activities: readonly SeenActivity[]): number {
  const at = activities.findIndex(({ activity }) => NO_RETURN.has(activity));
  return at < 0 ? Infinity : at;
}

/** On the way back the same faults are those of an undo. */
function undoNameOf(fault: string): string {
  return { 'error-before': 'undo-fails-once', 'fails-for-ever': 'undo-fails-for-ever' }[fault] ?? fault;
}
