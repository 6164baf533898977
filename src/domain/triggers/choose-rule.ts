import type { Incident } from './incident';
import { matchPattern } from '../match-pattern';
import type { RuleMatch, TriggerRule } from './trigger-rule';

export interface ChosenRule {
  readonly rule: TriggerRule;
  /** What each `*` of the rule's name pattern stands for. */
  readonly captures: readonly string[];
}

/** The first rule that names the incident; null where none does. */
export function chooseRule(rules: readonly TriggerRule[], incident: Incident, tags: Readonly<Record<string, string>>): ChosenRule | null {
  for (const rule of rules) {
    const captures = capturesOf(rule.match, incident, tags);
    if (captures !== null) return { rule, captures };
  }
  return null;
}

/** Why a rule does not name the incident; null where it does. */
export function whyNot(match: RuleMatch, incident: Incident, tags: Readonly<Record<string, string>>): string | null {
  if (!match.kinds.includes(incident.kind)) return `it is ${incident.kind}, not ${match.kinds.join(' or ')}`;
  if (match.name !== null && matchPattern(match.name, incident.name) === null) return `its name ${incident.name} is not like ${match.name}`;
  if (match.accounts.length > 0 && !match.accounts.includes(incident.accountId)) return `its account is ${incident.accountId}`;
  if (match.regions.length > 0 && !match.regions.includes(incident.region)) return `its region is ${incident.region}`;
  if (match.namespace !== null && !isLike(match.namespace, incident.namespace)) return `its namespace ${incident.namespace ?? '(none)'} is not like ${match.namespace}`;
  if (match.metric !== null && !isLike(match.metric, incident.metric)) return `its metric ${incident.metric ?? '(none)'} is not like ${match.metric}`;
  return unlike('dimension', match.dimensions, incident.dimensions) ?? unlike('tag', match.tags, tags);
}

function capturesOf(match: RuleMatch, incident: Incident, tags: Readonly<Record<string, string>>): readonly string[] | null {
  if (whyNot(match, incident, tags) !== null) return null;
  return match.name === null ? [] : matchPattern(match.name, incident.name);
}

function unlike(what: string, patterns: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>): string | null {
  const wrong = Object.entries(patterns).find(([key, pattern]) => !isLike(pattern, Object.hasOwn(values, key) ? (values[key] ?? null) : null));
  return wrong === undefined ? null : `its ${what} ${wrong[0]} is not like ${wrong[1]}`;
}

function isLike(pattern: string, text: string | null): boolean {
  return text !== null && matchPattern(pattern, text) !== null;
}
