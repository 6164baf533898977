import { AUDITED_ACTS, AUDITED_CAPACITY_ACTS, AUDITED_ROUTING_ACTS } from '../../../src/activities/audited-acts';
import type { Attempt } from './protocol';

/** An activity that a workflow carried out: the n-th of its type. */
export interface SeenActivity {
  readonly activity: string;
  /** From 1, in the order in which the workflow's activities of this type began. */
  readonly occurrence: number;
  readonly isLocal: boolean;
  /** Longest time of an attempt; 0 where it has no bound. */
  readonly startToCloseMs: number;
  /** It takes something back: to the audit, an undo. */
  readonly isUndo: boolean;
}

const UNDOS = new Set(Object.entries({ ...AUDITED_ACTS, ...AUDITED_CAPACITY_ACTS, ...AUDITED_ROUTING_ACTS }).flatMap(([activity, kind]) => (kind === 'undo' ? activity : [])));

interface Noted extends SeenActivity {
  readonly runId: string;
  readonly activityId: string;
  attempts: number;
  isDone: boolean;
}

/** What the activities of one workflow are, in the order in which they began; attempts of one are one. */
export class SeenActivities {
  private readonly byKey = new Map<string, Noted>();

  note(attempt: Attempt): Noted {
    const { runId, activity, activityId, isLocal, startToCloseMs } = attempt;
    const key = `${runId}/${isLocal ? 'local-' : ''}${activityId}`;
    const earlier = this.byKey.get(key);
    const noted = earlier ?? { activity, activityId, runId, isLocal, startToCloseMs, isUndo: UNDOS.has(activity), attempts: 0, isDone: false, occurrence: 1 + this.list().filter((one) => one.activity === activity).length };
    noted.attempts = Math.max(noted.attempts, attempt.attempt);
    this.byKey.set(key, noted);
    return noted;
  }

  list(): readonly Noted[] {
    return [...this.byKey.values()];
  }
}
