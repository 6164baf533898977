import type { AuditPort } from '../activities/audit-activities';
import type { ComputePort } from '../activities/compute-port';
import { RETRYABLE_ERRORS, isFailure } from '../contracts/errors';
import type { Incident } from '../domain/triggers/incident';
import type { TriggerPolicy } from '../domain/triggers/trigger-policy';
import type { TriggerRule } from '../domain/triggers/trigger-rule';
import { createBatcher } from './batcher';
import { parseMessage } from './parse-message';
import type { AlarmDirectory, MemoryChange, StoredMemory, TriggerStore, TriggerTemporal } from './ports';
import { createRuleAnswers } from './rule-answers';
import { SubjectDesk } from './subject-desk';
import type { DecidedIncident } from './subject-desk';

/** Subjects that are read or written in one statement. */
const MOST_IN_STATEMENT = 100;
/** What a process took in is its own for so long; then whoever looks does what is still to be done. */
const LEFT_AFTER_MS = 5_000;
/** A queue keeps a message for 14 days at most: what is forgotten cannot be told again. */
const REMEMBERED_MS = 30 * 86_400_000;
const FORGET_EVERY_MS = 3_600_000;

export interface IntakeDependencies {
  readonly rules: readonly TriggerRule[];
  readonly policy: TriggerPolicy;
  readonly store: TriggerStore;
  readonly temporal: TriggerTemporal;
  readonly compute: Pick<ComputePort, 'describe' | 'shape'>;
  readonly alarms: AlarmDirectory;
  readonly audit: AuditPort;
  readonly now: () => number;
}

/** What became of a message. Only `done` may be acknowledged: everything that it begins is accepted by Temporal, or will never be. */
export type MessageEnd =
  | { readonly kind: 'done'; readonly decided: readonly DecidedIncident[] }
  | { readonly kind: 'garbage'; readonly reason: string }
  /** `away`: something that it needs cannot be reached, and the message is not to blame. */
  | { readonly kind: 'failed'; readonly away: boolean; readonly reason: string };

export interface Intake {
  /** Never throws: each body has its end, in their order. */
  readonly handle: (bodies: readonly string[]) => Promise<readonly MessageEnd[]>;
  /** Begins what was held and has stayed, and ends what another process left undone. */
  readonly sweep: () => Promise<void>;
}

/** Where messages become workflows, whichever way they come. */
export function createIntake({ store, ...deps }: IntakeDependencies): Intake {
  const load = createBatcher<string, StoredMemory | undefined>(async (subjects) => {
    const found = await store.load(subjects);
    return subjects.map((subject) => found.get(subject));
  }, MOST_IN_STATEMENT);
  const save = createBatcher<MemoryChange, boolean>(async (changes) => {
    const written = await store.save(changes);
    return changes.map(({ subject }) => written.has(subject));
  }, MOST_IN_STATEMENT);
  let forgotAtMs = deps.now();
  const desk = new SubjectDesk({ ...deps, load, save, answerOf: createRuleAnswers(deps.rules, deps.alarms) });

  return {
    async handle(bodies) {
      const parsed = bodies.map((body) => parseMessage(body));
      const bySubject = new Map<string, Incident[]>();
      for (const incident of parsed.flatMap((message) => (message.kind === 'incidents' ? message.incidents : []))) {
        bySubject.set(incident.subject, [...(bySubject.get(incident.subject) ?? []), incident]);
      }
      const taken = new Map([...bySubject].map(([subject, theirs]) => [subject, settled(desk.takeIn(subject, theirs))] as const));
      return Promise.all(parsed.map(async (message) => (message.kind === 'garbage' ? message : endOf(message.incidents, taken))));
    },
    async sweep() {
      const subjects = await store.due(deps.now() - LEFT_AFTER_MS, MOST_IN_STATEMENT);
      await Promise.all(subjects.map((subject) => desk.lookAfter(subject)));
      if (deps.now() - forgotAtMs < FORGET_EVERY_MS) return;
      forgotAtMs = deps.now();
      await store.forget(forgotAtMs - REMEMBERED_MS);
    },
  };
}

type Taken = { readonly decided: readonly DecidedIncident[] } | { readonly error: unknown };

function settled(work: Promise<readonly DecidedIncident[]>): Promise<Taken> {
  return work.then(
    (decided) => ({ decided }),
    (error: unknown) => ({ error }),
  );
}

async function endOf(incidents: readonly Incident[], taken: ReadonlyMap<string, Promise<Taken>>): Promise<MessageEnd> {
  const decided: DecidedIncident[] = [];
  for (const incident of incidents) {
    const end = await taken.get(incident.subject);
    if (end === undefined) continue;
    if ('error' in end) return failedBy(end.error);
    decided.push(...end.decided.filter((one) => one.incident === incident));
  }
  return { kind: 'done', decided };
}

function failedBy(error: unknown): MessageEnd {
  const reason = error instanceof Error ? error.message : String(error);
  const away = error instanceof Error && isFailure(error, ...RETRYABLE_ERRORS, 'Unauthorized');
  return { kind: 'failed', away, reason };
}
