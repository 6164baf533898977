import { CreateRuleCommand, DeleteRuleCommand, DescribeRulesCommand, DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ElasticLoadBalancingV2Client, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Owner } from '../../contracts/migration-activities';
import { OWNER_TAG, ROLE_TAG, RUN_TAG } from '../../contracts/workflow-ids';
import type { WeightedTarget } from '../../domain/source-snapshot';
import { ownerTags, tagRecord } from './ownership';
import { callAws } from './translate-error';

/** DescribeTags takes at most 20 resources. */
const TAGS_A_CALL = 20;

/** Rules of a listener that one run created: ARN by role. */
export async function findOwnedRules(elb: ElasticLoadBalancingV2Client, owner: Owner, listenerArn: string): Promise<ReadonlyMap<string, string>> {
  return callAws(`read the rules of ${listenerArn}`, async () => {
    const arns: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await elb.send(new DescribeRulesCommand({ ListenerArn: listenerArn, Marker }));
      arns.push(...(page.Rules ?? []).flatMap(({ RuleArn, IsDefault }) => (RuleArn === undefined || IsDefault === true ? [] : [RuleArn])));
      Marker = page.NextMarker;
    } while (Marker !== undefined && Marker !== '');
    const owned = new Map<string, string>();
    for (let at = 0; at < arns.length; at += TAGS_A_CALL) {
      const answer = await elb.send(new DescribeTagsCommand({ ResourceArns: arns.slice(at, at + TAGS_A_CALL) }));
      for (const { ResourceArn = '', Tags } of answer.TagDescriptions ?? []) {
        const tags = tagRecord(Tags);
        if (tags[OWNER_TAG] === owner.workflowId && tags[RUN_TAG] === owner.runId) owned.set(tags[ROLE_TAG] ?? '', ResourceArn);
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
