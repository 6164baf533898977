import type { AuditPort } from '../activities/audit-activities';
import { BUSINESS_ERRORS, isFailure, retryableFailure } from '../contracts/errors';
import { decideChange, isLate } from '../domain/triggers/decide-change';
import type { Decision, RuleAnswer } from '../domain/triggers/decide-change';
import type { Incident } from '../domain/triggers/incident';
import { settleAct } from '../domain/triggers/settle-act';
import type { PendingAct, TriggerMemory } from '../domain/triggers/trigger-memory';
import { NOTHING_REMEMBERED, isSameAct } from '../domain/triggers/trigger-memory';
import type { TriggerPolicy } from '../domain/triggers/trigger-policy';
import { carryOut } from './carry-out';
import type { CarryOutDependencies } from './carry-out';
import type { AlarmDirectory, MemoryChange, StoredMemory } from './ports';
import { auditOfAct, auditOfDecision } from './trigger-audit';
import { Turns } from './turns';

/** Another process that writes the same subject is met so often before it is tried again later. */
const MOST_TRIES = 5;
/** A permission that is missing may be given: until then the message stays. */
const FINAL_ERRORS = BUSINESS_ERRORS.filter((type) => type !== 'Unauthorized');

export interface DeskDependencies extends CarryOutDependencies {
  readonly load: (subject: string) => Promise<StoredMemory | undefined>;
  /** False where another process wrote the subject first. */
  readonly save: (change: MemoryChange) => Promise<boolean>;
  readonly audit: AuditPort;
  readonly alarms: Pick<AlarmDirectory, 'stateOf'>;
  readonly answerOf: (incident: Incident) => Promise<RuleAnswer>;
  readonly policy: TriggerPolicy;
  readonly now: () => number;
}

export type DecidedIncident = Pick<Decision, 'fate' | 'why'> & { readonly incident: Incident };

/** Decides about one subject after the other's changes, and does what is due: first written down, then done, then settled, so that no crash between loses or doubles it. */
export class SubjectDesk {
  private readonly turns = new Turns();

  constructor(private readonly deps: DeskDependencies) {}

  /** Takes a subject's changes in. Returns when everything that is due by them is done. */
  takeIn(subject: string, incidents: readonly Incident[]): Promise<readonly DecidedIncident[]> {
    return this.turns.inTurn(subject, async () => {
      const { stored, decided } = await this.decide(subject, incidents);
      for (const { incident, ...decision } of decided) {
        const entry = auditOfDecision(incident, decision, this.deps.now());
        if (entry !== null) await this.deps.audit.append(entry);
      }
      await this.doWhatIsDue(subject, stored);
      return decided;
    });
  }

  /** Does what is due of a subject, without any news of it. */
  lookAfter(subject: string): Promise<void> {
    return this.turns.inTurn(subject, async () => this.doWhatIsDue(subject, await this.loaded(subject)));
  }

  private async decide(subject: string, incidents: readonly Incident[]): Promise<{ stored: StoredMemory; decided: readonly (Decision & { incident: Incident })[] }> {
    const inOrder = incidents.toSorted((a, b) => a.changedAtMs - b.changedAtMs);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const before = await this.loaded(subject);
      let { memory } = before;
      const decided: (Decision & { incident: Incident })[] = [];
      for (const incident of inOrder) {
        const decision = await this.decideOne(memory, incident);
        memory = decision.memory;
        decided.push({ ...decision, incident });
      }
      const stored = await this.written(subject, before, memory);
      if (stored !== null) return { stored, decided };
    }
    throw contested(subject);
  }

  private async decideOne(memory: TriggerMemory, incident: Incident): Promise<Decision> {
    const { policy, alarms, answerOf, now } = this.deps;
    const asks = incident.kind === 'alarm' && incident.state === 'ALARM' && isLate(incident, policy, now());
    const stillOn = asks ? (await alarms.stateOf(incident.subject)) === 'ALARM' : null;
    return decideChange(memory, { incident, answer: await answerOf(incident), policy, nowMs: now(), stillOn });
  }

  private async doWhatIsDue(subject: string, stored: StoredMemory): Promise<void> {
    let current = stored;
    for (;;) {
      const act = current.memory.acts.find(({ dueAtMs }) => dueAtMs <= this.deps.now());
      if (act === undefined) return;
      const end = await carryOut(this.deps, act).catch((error: unknown) => {
        if (error instanceof Error && isFailure(error, ...FINAL_ERRORS)) return error;
        throw error;
      });
      await this.deps.audit.append(auditOfAct(act, end, this.deps.now()));
      current = await this.settle(subject, current, act, end instanceof Error);
    }
  }

  private async settle(subject: string, from: StoredMemory, act: PendingAct, refused: boolean): Promise<StoredMemory> {
    let before = from;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const settled = settleAct(before.memory, act, refused ? 'refused' : 'done', this.deps.now());
      const stored = await this.written(subject, before, settled);
      if (stored !== null) return stored;
      before = await this.loaded(subject);
      // Another process did the same act and settled it, or it was taken back: settleAct tells which.
      if (act.kind === 'withdraw' && !before.memory.acts.some((one) => isSameAct(one, act))) return before;
    }
    throw contested(subject);
  }

  private async loaded(subject: string): Promise<StoredMemory> {
    return (await this.deps.load(subject)) ?? { memory: NOTHING_REMEMBERED, version: 0 };
  }

  /** Null where another process wrote first. */
  private async written(subject: string, before: StoredMemory, memory: TriggerMemory): Promise<StoredMemory | null> {
    if (memory === before.memory) return before;
    return (await this.deps.save({ subject, memory, version: before.version })) ? { memory, version: before.version + 1 } : null;
  }
}

function contested(subject: string): Error {
  return retryableFailure('Unavailable', `${subject} is written by others all the time`);
}
