import { CreateRuleCommand, DeleteRuleCommand, DescribeRulesCommand, DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ElasticLoadBalancingV2Client, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Owner } from '../../contracts/migration-activities';
import { ROLE_TAG, everyRunOf } from '../../contracts/workflow-ids';
import type { WeightedTarget } from '../../domain/source-snapshot';
import { isOwnedBy, ownerTags, tagRecord } from './ownership';
import { callAws } from './translate-error';

/** DescribeTags takes at most 20 resources. */
const TAGS_A_CALL = 20;

export interface OwnedRule {
  readonly arn: string;
  readonly role: string;
}

/** Rules of a listener that any run of the workflow created: its id is a lock, and what a run left that was terminated is the next one's. */
export async function findOwnedRules(elb: ElasticLoadBalancingV2Client, { workflowId }: Owner, listenerArn: string): Promise<readonly OwnedRule[]> {
  return callAws(`read the rules of ${listenerArn}`, async () => {
    const arns: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await elb.send(new DescribeRulesCommand({ ListenerArn: listenerArn, Marker }));
      arns.push(...(page.Rules ?? []).flatMap(({ RuleArn, IsDefault }) => (RuleArn === undefined || IsDefault === true ? [] : [RuleArn])));
      Marker = page.NextMarker;
    } while (Marker !== undefined && Marker !== '');
    const owned: OwnedRule[] = [];
    for (let at = 0; at < arns.length; at += TAGS_A_CALL) {
      const answer = await elb.send(new DescribeTagsCommand({ ResourceArns: arns.slice(at, at + TAGS_A_CALL) }));
      for (const { ResourceArn = '', Tags } of answer.TagDescriptions ?? []) {
        const tags = tagRecord(Tags);
        if (isOwnedBy(tags, everyRunOf(workflowId))) owned.push({ arn: ResourceArn, role: tags[ROLE_TAG] ?? '' });
      }
    }
    return owned;
  });
}

/** One rule, with its owner's tags. A priority that another rule has is a `Conflict`. */
export async function createRule(elb: ElasticLoadBalancingV2Client, owner: Owner, role: string, rule: { readonly listenerArn: string; readonly priority: number; readonly conditions: readonly RuleCondition[]; readonly forward: readonly WeightedTarget[] }): Promise<void> {
  const TargetGroups = rule.forward.map(({ targetGroupArn, weight }) => ({ TargetGroupArn: targetGroupArn, Weight: weight }));
  await callAws(`create a rule for ${role} at priority ${rule.priority}`, () =>
    elb.send(new CreateRuleCommand({ ListenerArn: rule.listenerArn, Priority: rule.priority, Conditions: [...rule.conditions], Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }], Tags: ownerTags(owner, role) })),
  );
}

export async function deleteRule(elb: ElasticLoadBalancingV2Client, ruleArn: string): Promise<void> {
  await callAws('delete a rule', () => elb.send(new DeleteRuleCommand({ RuleArn: ruleArn })));
}
