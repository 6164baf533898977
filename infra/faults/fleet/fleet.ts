import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeSubnetsCommand, TerminateInstancesCommand, type Subnet } from '@aws-sdk/client-ec2';
import { CreateListenerCommand, CreateLoadBalancerCommand, CreateRuleCommand, DeregisterTargetsCommand, DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../../../src/adapters/aws/clients';
import { FLEET_TAG, POOL_TAG } from '../../../src/contracts/workflow-ids';
import { balancerUrl, createGroup, untilHealthy } from '../../local/demo/behind-balancer';
import { control } from '../../local/demo/control-client';
import { launchInstance } from '../../local/demo/launch-instance';

const PORT = 8080;
const LOOK_EVERY_MS = 100;
/** What the demo's instances are launched as. */
const LAUNCHED_AS = 'm7i.large';
const NAME = 'matrix';
const PRIORITIES_APART = 10;

/** A service of its own, with a place behind the balancer that one case at a time uses. */
export interface Slot {
  readonly service: string;
  readonly targetGroupArn: string;
  readonly ruleArn: string;
  readonly listenerArn: string;
  /** Of its rule; the ones right before it are nobody's. */
  readonly priority: number;
  /** Value of its first instances' tag `foreshift:pool`. */
  readonly pool: string;
  /** Where its requests go, on this machine. */
  url: string;
  /** Who serves now; the first is what cases are about: a move hands its place on. */
  instanceIds: readonly string[];
  /** What the service's instances were launched from at first. */
  readonly imageId: string;
  /** Type of the first. */
  shape: string;
  /** Every case so far has left it as it should be. */
  isWhole: boolean;
}

/** Services behind one load balancer, made with the AWS API alone, one when it is asked for. */
export class Fleet {
  /** Every slot that was ever made. */
  readonly slots: Slot[] = [];
  private made = 0;
  private readonly free: Slot[] = [];

  private constructor(
    private readonly endpoint: string,
    private readonly aws: AwsClients,
    private readonly imageId: string,
    private readonly subnets: readonly Subnet[],
    private readonly listenerArn: string,
    private readonly loadBalancerArn: string,
  ) {}

  static async create(endpoint: string, aws: AwsClients, name = NAME): Promise<Fleet> {
    const region = await aws.ec2.config.region();
    const zones = [`${region}a`, `${region}b`];
    const { imageId } = await control<{ imageId: string }>(endpoint, 'POST', '/_local/images', { name: `${name}-service`, directory: join(__dirname, '..', '..', 'local', 'demo', 'service') });
    const all = (await aws.ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? [];
    const subnets = zones.flatMap((zone) => all.find(({ AvailabilityZone }) => AvailabilityZone === zone) ?? []);
    const balancer = await aws.elb.send(new CreateLoadBalancerCommand({ Name: name, Subnets: subnets.map(({ SubnetId }) => SubnetId ?? ''), Type: 'application' }));
    const arn = balancer.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    const listener = await aws.elb.send(new CreateListenerCommand({ LoadBalancerArn: arn, Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }] }));
    return new Fleet(endpoint, aws, imageId, subnets, listener.Listeners?.[0]?.ListenerArn ?? '', arn);
  }

  /** A slot of so many instances that nobody uses, a new one where there is none. */
  async take(instances = 1): Promise<Slot> {
    const at = this.free.findIndex(({ instanceIds }) => instanceIds.length === instances);
    const free = this.free.splice(at, at < 0 ? 0 : 1)[0];
    if (free !== undefined) return free;
    // On a machine that does much else one may not come up in time; what there is of it stays out of use.
    return this.make(instances).catch(() => this.make(instances));
  }

  /** Back from a case; one that is not whole, or was spent by it, is not used again. */
  giveBack(slot: Slot, isWhole: boolean, isSpent = false): void {
    slot.isWhole = isWhole;
    if (isWhole && !isSpent) this.free.push(slot);
  }

  /** Takes away what a case added to the service, once its requests have ended. */
  async remove({ targetGroupArn }: Slot, instanceIds: readonly string[]): Promise<void> {
    if (instanceIds.length === 0) return;
    await this.aws.elb.send(new DeregisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets: instanceIds.map((Id) => ({ Id, Port: PORT })) }));
    for (let isListed = true; isListed; await sleep(LOOK_EVERY_MS)) {
      const { TargetHealthDescriptions = [] } = await this.aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
      isListed = TargetHealthDescriptions.some(({ Target }) => instanceIds.includes(Target?.Id ?? ''));
    }
    await this.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [...instanceIds] }));
  }

  private async make(instances: number): Promise<Slot> {
    const number = (this.made += 1);
    const service = `s-${number}`;
    const subnet = this.subnets[number % this.subnets.length];
    const [pool, priority] = [`pool-${number}`, PRIORITIES_APART * number];
    // A fleet of its own: its queue is not held up by other cases.
    const tags = { Name: service, 'foreshift:service': service, [FLEET_TAG]: service, [POOL_TAG]: pool, 'foreshift:probe': '/digest' };
    const launch = (): Promise<string> => launchInstance(this.aws.ec2, { imageId: this.imageId, subnet, tags, userData: `#!/bin/sh\nSERVICE=${service} exec "$NODE" service.js\n` });
    const instanceIds = await Promise.all(Array.from({ length: instances }, launch));
    const targetGroupArn = await createGroup(this.aws.elb, service, PORT, subnet?.VpcId, instanceIds);
    const rule = await this.aws.elb.send(
      new CreateRuleCommand({
        ListenerArn: this.listenerArn,
        Priority: priority,
        Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [`/${service}/*`] } }],
        Actions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
      }),
    );
    const slot: Slot = { service, targetGroupArn, ruleArn: rule.Rules?.[0]?.RuleArn ?? '', listenerArn: this.listenerArn, priority, pool, url: '', imageId: this.imageId, instanceIds, shape: LAUNCHED_AS, isWhole: true };
    this.slots.push(slot);
    await untilHealthy(this.aws.elb, [targetGroupArn]);
    const url = `${await balancerUrl(this.endpoint, this.loadBalancerArn)}/${service}/items`;
    await untilAnswers(url);
    slot.url = url;
    return slot;
  }
}

async function untilAnswers(url: string): Promise<void> {
  for (const giveUpAtMs = Date.now() + 30_000; ; ) {
    if ((await fetch(url).catch(() => null))?.ok === true) return;
    if (Date.now() > giveUpAtMs) throw new Error(`${url} does not answer`);
    await sleep(LOOK_EVERY_MS);
  }
}
