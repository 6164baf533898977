import type { MoveEnd } from '../domain/queue/move-events';

/** What is known of migrations as workflows, beside what they say themselves. */
export interface MigrationDirectory {
  /** `end` null while it runs. Of the newest run where `runId` is null; null where there is none. */
  look(instanceId: string, runId: string | null): Promise<{ readonly end: MoveEnd | null; readonly phase: string | null } | null>;
}
