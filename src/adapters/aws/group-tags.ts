import { DescribeTagsCommand, TargetGroupNotFoundException, paginateDescribeTargetGroups } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ElasticLoadBalancingV2Client, TagDescription } from '@aws-sdk/client-elastic-load-balancing-v2';

/** DescribeTags takes at most 20 resources. */
const TAGS_A_CALL = 20;

/** ARNs of all target groups. */
export async function allGroups(elb: ElasticLoadBalancingV2Client): Promise<string[]> {
  const arns: string[] = [];
  for await (const page of paginateDescribeTargetGroups({ client: elb }, {})) arns.push(...(page.TargetGroups ?? []).flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []));
  return arns;
}

/** The tags of each of these target groups that still exists. */
export async function tagsOfGroups(elb: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<TagDescription[]> {
  const found: TagDescription[] = [];
  for (let at = 0; at < arns.length; at += TAGS_A_CALL) found.push(...(await tagsOfSome(elb, arns.slice(at, at + TAGS_A_CALL))));
  return found;
}

/** One group that was deleted since it was listed, as those of other moves are, fails the call for all: then each is asked alone. */
async function tagsOfSome(elb: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<TagDescription[]> {
  try {
    return (await elb.send(new DescribeTagsCommand({ ResourceArns: [...arns] }))).TagDescriptions ?? [];
  } catch (error) {
    if (!(error instanceof TargetGroupNotFoundException)) throw error;
    return arns.length === 1 ? [] : (await Promise.all(arns.map((arn) => tagsOfSome(elb, [arn])))).flat();
  }
}
