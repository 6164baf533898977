import { chooseRule } from '../domain/triggers/choose-rule';
import type { RuleAnswer } from '../domain/triggers/decide-change';
import { asksForTags } from '../domain/triggers/fill-template';
import type { Incident } from '../domain/triggers/incident';
import { planStart } from '../domain/triggers/plan-start';
import type { TriggerRule } from '../domain/triggers/trigger-rule';
import type { AlarmDirectory } from './ports';
import { STARTABLES } from './startable-workflows';

/** What the rules say about incidents. An alarm's tags are asked for only where some rule needs them. */
export function createRuleAnswers(rules: readonly TriggerRule[], alarms: Pick<AlarmDirectory, 'tagsOf'>): (incident: Incident) => Promise<RuleAnswer> {
  const asks = rules.some(({ match, then }) => Object.keys(match.tags).length > 0 || asksForTags(then));
  return async (incident) => {
    if (incident.state !== 'ALARM') return { start: null, why: `a change to ${incident.state} begins nothing` };
    const tags = asks && incident.kind === 'alarm' ? await alarms.tagsOf(incident.subject) : {};
    return planStart({ incident, tags, chosen: chooseRule(rules, incident, tags), startables: STARTABLES });
  };
}
