import type { ChosenRule } from './choose-rule';
import type { RuleAnswer } from './decide-change';
import { fillTemplate } from './fill-template';
import type { Incident } from './incident';
import type { PlannedStart } from './planned-start';
import type { WishTemplate, WorkflowTemplate } from './trigger-rule';

/** Id and checks of a workflow that a rule may start. */
export interface Startable {
  readonly check: (input: unknown) => readonly string[];
  readonly idOf: (input: Readonly<Record<string, unknown>>, incidentId: string) => string;
  /** Whether the id is of what it looks after, so that it may be run again once it has ended; else of the incident, which runs it once. */
  readonly idIsLock: boolean;
  /** What stands in the input where the rule says nothing of it. */
  readonly defaults: (incident: Incident) => Readonly<Record<string, unknown>>;
}

const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;
/** The queue carries no longer reason. */
const LONGEST_REASON = 300;

export interface PlanStartArgs {
  readonly incident: Incident;
  readonly chosen: ChosenRule | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly startables: Readonly<Record<string, Startable>>;
}

/** What an incident begins by the rule that names it, or why nothing. */
export function planStart({ incident, chosen, tags, startables }: PlanStartArgs): RuleAnswer {
  if (chosen === null) return { start: null, why: 'no rule names it' };
  const { rule, captures } = chosen;
  if (rule.then === null) return { start: null, why: `the rule ${rule.name} begins nothing` };
  const filled = fillTemplate(rule.then, { incident, tags, captures });
  if ('missing' in filled) return { start: null, why: `the rule ${rule.name} needs ${filled.missing.join(', ')}, and the message has no such value` };
  const common = { rule: rule.name, trigger: incident.kind, reason: `${incident.kind} ${incident.name}: ${incident.reason}`.slice(0, LONGEST_REASON) };
  const planned = filled.value.kind === 'wish' ? planWish(filled.value, incident, common) : planWorkflow(filled.value, incident, common, startables);
  return typeof planned === 'string' ? { start: null, why: `the rule ${rule.name}: ${planned}` } : { start: planned, withdrawOnOk: rule.withdrawOnOk };
}

type Common = Pick<PlannedStart, 'rule' | 'trigger' | 'reason'>;

function planWish({ instance, afterMs, deadlineMs, ...wish }: WishTemplate, { changedAtMs, deadlineAtMs }: Incident, common: Common): PlannedStart | string {
  if (!INSTANCE_ID.test(instance)) return `"${instance.slice(0, 80)}" is no EC2 instance id`;
  return { ...wish, ...common, changedAtMs, instanceId: instance, notBeforeMs: afterMs === 0 ? 0 : changedAtMs + afterMs, deadlineAtMs: deadlineMs === null ? deadlineAtMs : changedAtMs + deadlineMs };
}

function planWorkflow({ workflowType, input: given }: WorkflowTemplate, incident: Incident, common: Common, startables: Readonly<Record<string, Startable>>): PlannedStart | string {
  const startable = Object.hasOwn(startables, workflowType) ? startables[workflowType] : undefined;
  if (startable === undefined) return `${workflowType} is no workflow that a rule may start; expected ${Object.keys(startables).join(', ')}`;
  const input = { ...startable.defaults(incident), ...given };
  const problems = startable.check(input);
  if (problems.length > 0) return `the input of ${workflowType} is wrong: ${problems.join('; ')}`;
  return { kind: 'workflow', ...common, workflowType, workflowId: startable.idOf(input, incident.incidentId), once: !startable.idIsLock, input };
}
