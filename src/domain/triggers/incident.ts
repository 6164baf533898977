export const INCIDENT_KINDS = ['alarm', 'scheduledEvent', 'health', 'rebalance', 'interruption'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** A state as CloudWatch names it. Events that are no alarms are `ALARM` while they hold and `OK` once AWS closed them. */
export type IncidentState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** One change of state that a message told of, whichever way it came. */
export interface Incident {
  readonly kind: IncidentKind;
  /** What is remembered together: an alarm's ARN, or a health event's with the resource that it is about. */
  readonly subject: string;
  /** Made of the subject and the time of the change alone: the same change has the same id, by whichever way and however often it is told. */
  readonly incidentId: string;
  readonly state: IncidentState;
  /** Null where the message does not say it. */
  readonly previousState: IncidentState | null;
  readonly changedAtMs: number;
  /** The alarm's name, or the event's type. */
  readonly name: string;
  readonly reason: string;
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string | null;
  readonly metric: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly instanceId: string | null;
  /** When what is announced happens; null where nothing presses. */
  readonly deadlineAtMs: number | null;
}
