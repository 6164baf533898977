import { DescribeRulesCommand, DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../../../src/adapters/aws/clients';
import { allGroups, tagsOfGroups } from '../../../src/adapters/aws/group-tags';
import { OWNER_TAG, RUN_TAG } from '../../../src/contracts/workflow-ids';
import { control } from '../../local/demo/control-client';

interface Resource {
  readonly id: string;
  readonly state: string;
  readonly attachedTo?: string;
  readonly tags: Readonly<Record<string, string>>;
}

const GONE = new Set(['terminated', 'shutting-down', 'cancelled', 'canceled', 'deleted', 'deregistered', 'expired', 'failed']);

/** Asks the cloud what is there, whatever the product says of it. */
export class Resources {
  constructor(
    private readonly endpoint: string,
    private readonly elb: AwsClients['elb'],
  ) {}

  /** What carries the tag and is not gone, by id with its kind; a volume that is attached counts with its instance. */
  async tagged(key: string, value: string): Promise<ReadonlyMap<string, string>> {
    const state = await control<Record<string, readonly Resource[]>>(this.endpoint, 'GET', `/_local/state?tag=${encodeURIComponent(`${key}=${value}`)}`);
    const found = new Map<string, string>();
    for (const [kind, resources] of Object.entries(state)) {
      for (const one of resources) if (!GONE.has(one.state) && one.attachedTo === undefined) found.set(one.id, `${kind.slice(0, -1)} (${one.state})`);
    }
    return found;
  }

  /** What a workflow created and still owns, target groups by `name/id`. */
  async ownedBy(workflowId: string): Promise<ReadonlyMap<string, string>> {
    const [resources, groups] = await Promise.all([this.tagged(OWNER_TAG, workflowId), this.ownedGroups(workflowId)]);
    return new Map([...resources, ...groups.map((arn): [string, string] => [arn.split('/').slice(-2).join('/'), 'target group'])]);
  }

  /** Ids of the instances that this run launched and that carry its tags, the ones that are gone too. */
  async launchedBy(runId: string): Promise<readonly string[]> {
    const { instances = [] } = await control<Record<string, readonly Resource[]>>(this.endpoint, 'GET', `/_local/state?tag=${encodeURIComponent(`${RUN_TAG}=${runId}`)}`);
    return instances.map(({ id }) => id);
  }

  /** Instances of a service that are not gone, with their states. */
  async instancesOf(service: string): Promise<ReadonlyMap<string, string>> {
    const found = await this.tagged('foreshift:service', service);
    return new Map([...found].filter(([id]) => id.startsWith('i-')));
  }

  async healthOf(targetGroupArn: string): Promise<ReadonlyMap<string, string>> {
    const { TargetHealthDescriptions = [] } = await this.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
    return new Map(TargetHealthDescriptions.map(({ Target, TargetHealth }) => [Target?.Id ?? '', TargetHealth?.State ?? '']));
  }

  /** Weights of a rule by target group. */
  async weightsOf(ruleArn: string): Promise<ReadonlyMap<string, number>> {
    const { Rules = [] } = await this.elb.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
    const action = Rules[0]?.Actions?.find(({ Type }) => Type === 'forward');
    const groups = action?.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action?.TargetGroupArn, Weight: 1 }];
    return new Map(groups.map(({ TargetGroupArn, Weight }) => [TargetGroupArn ?? '', Weight ?? 1]));
  }

  private async ownedGroups(workflowId: string): Promise<readonly string[]> {
    const descriptions = await tagsOfGroups(this.elb, await allGroups(this.elb));
    return descriptions.flatMap(({ ResourceArn, Tags }) => (Tags?.some(({ Key, Value }) => Key === OWNER_TAG && Value === workflowId) === true ? (ResourceArn ?? []) : []));
  }
}
