import { newId } from '../ec2/ids';
import type { Cloud } from '../ec2/cloud';
import { becomeStopped, becomeTerminated } from '../ec2/instance-lifecycle';
import { launchInstances } from '../ec2/launch-operations';
import type { InstanceRecord } from '../ec2/records';
import { startInstance } from '../ec2/state-operations';
import { AwsError } from '../operation';
import { GROUP_NAME_TAG, membersOf, type ScalingGroup } from './scaling-group';

/** Puts the instances of a group into its target groups and takes them out. */
export interface GroupTargets {
  register(targetGroupArn: string, instanceId: string): Promise<void>;
  deregister(targetGroupArn: string, instanceId: string): Promise<void>;
}

/** How soon a launch that was refused is tried again, and how long an instance that goes still answers what it was asked. */
const RETRY_MS = 1_000;
const DRAIN_MS = 500;
const KEPT_ACTIVITIES = 100;

/** The Auto Scaling groups of the cloud, each brought to its desired capacity, in as far as the zones have room. */
export class ScalingGroups {
  readonly all = new Map<string, ScalingGroup>();
  private readonly atWork = new Map<ScalingGroup, { again: boolean }>();
  private targets: GroupTargets = { register: async () => undefined, deregister: async () => undefined };

  constructor(readonly cloud: Cloud) {
    cloud.onInstanceChange((id) => {
      const name = cloud.instances.get(id)?.tags.get(GROUP_NAME_TAG);
      const group = name === undefined ? undefined : this.all.get(name);
      if (group !== undefined) this.touch(group);
    });
  }

  connect(targets: GroupTargets): void {
    this.targets = targets;
  }

  get(name: string): ScalingGroup {
    const group = this.all.get(name);
    if (group === undefined) throw new AwsError('ValidationError', `AutoScalingGroup name not found - ${name}`);
    return group;
  }

  /** Brings the group to what is desired of it, one change at a time; a call while it is at it makes it look once more. */
  touch(group: ScalingGroup): void {
    const work = this.atWork.get(group);
    if (work !== undefined) {
      work.again = true;
      return;
    }
    const own = { again: false };
    this.atWork.set(group, own);
    this.cloud.background(async () => {
      try {
        do {
          own.again = false;
          while (!this.cloud.isStopped && (await this.step(group)));
        } while (own.again && !this.cloud.isStopped);
      } finally {
        this.atWork.delete(group);
      }
    });
  }

  note(group: ScalingGroup, cause: string, failure?: string): void {
    group.activities.unshift({ id: newId('act'), atMs: Date.now(), cause, status: failure === undefined ? 'Successful' : 'Failed', message: failure ?? '' });
    group.activities.length = Math.min(group.activities.length, KEPT_ACTIVITIES);
  }

  /** One change towards the desired capacity; false where there is none to make now. */
  private async step(group: ScalingGroup): Promise<boolean> {
    const members = membersOf(this.cloud, group);
    const known = new Set(members.map(({ id }) => id));
    for (const ids of [group.warm, group.registered]) for (const id of ids) if (!known.has(id)) ids.delete(id);
    const serving = members.filter(({ id }) => !group.warm.has(id));
    const warm = members.filter(({ id }) => group.warm.has(id));
    for (const { id, state } of serving) {
      if (state !== 'running' || group.registered.has(id)) continue;
      group.registered.add(id);
      await Promise.all(group.targetGroupArns.map((arn) => this.targets.register(arn, id)));
    }
    const wanted = group.deleting ? 0 : group.desired;
    if (serving.length > wanted) return this.takeOut(group, leaver(serving));
    if (serving.length < wanted) return (await this.wake(group, warm)) || (await this.launch(group, serving, false));
    if (group.deleting) {
      if (warm[0] !== undefined) return this.takeOut(group, warm[0]);
      this.all.delete(group.name);
      return false;
    }
    const wantedWarm = group.warmPool === undefined ? 0 : Math.max(group.warmPool.minSize, (group.warmPool.maxPrepared ?? group.max) - group.desired);
    if (warm.length > wantedWarm) return this.takeOut(group, leaver(warm));
    if (warm.length < wantedWarm) return this.launch(group, warm, true);
    const toStop = group.warmPool?.state === 'Stopped' ? warm.find(({ state }) => state === 'running') : undefined;
    if (toStop !== undefined) becomeStopped(this.cloud, toStop);
    return false;
  }

  private async wake(group: ScalingGroup, warm: readonly InstanceRecord[]): Promise<boolean> {
    const one = warm.find(({ state }) => state === 'stopped' || state === 'running');
    if (one === undefined) return false;
    try {
      if (one.state === 'stopped') startInstance(this.cloud, one);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return this.tryLater(group);
    }
    group.warm.delete(one.id);
    this.note(group, `${one.id} came from the warm pool`);
    return true;
  }

  private async launch(group: ScalingGroup, alike: readonly InstanceRecord[], warm: boolean): Promise<boolean> {
    const template = await this.cloud.deps.catalogue.launchTemplate(group.template.id, group.template.version);
    const load = (zone: string): number => alike.filter((one) => one.zone === zone).length;
    // The zone with the fewest first; where it has no room, the next.
    for (const zone of group.zones.toSorted((a, b) => load(a) - load(b) || (a < b ? -1 : 1))) {
      try {
        const own = [...group.tags].filter(([, { propagate }]) => propagate).map(([Key, { value }]) => ({ Key, Value: value }));
        const given = template?.TagSpecifications?.find(({ ResourceType }) => ResourceType === 'instance')?.Tags ?? [];
        const Tags = [...given, ...own, { Key: GROUP_NAME_TAG, Value: group.name }];
        const [instance] = await launchInstances(this.cloud, { ...template, MinCount: 1, MaxCount: 1, Placement: { AvailabilityZone: zone }, TagSpecifications: [{ ResourceType: 'instance', Tags }] });
        if (instance !== undefined && warm) group.warm.add(instance.id);
        this.note(group, `${instance?.id ?? ''} was launched in ${zone}`);
        return true;
      } catch (error) {
        this.note(group, `a launch in ${zone}`, error instanceof AwsError ? error.message : String(error));
        if (!(error instanceof AwsError)) throw error;
      }
    }
    return this.tryLater(group);
  }

  private tryLater(group: ScalingGroup): false {
    this.cloud.timers.after(RETRY_MS, () => this.touch(group));
    return false;
  }

  private async takeOut(group: ScalingGroup, one: InstanceRecord | undefined): Promise<boolean> {
    if (one === undefined) return false;
    const serves = group.registered.delete(one.id) && group.targetGroupArns.length > 0;
    if (serves) await Promise.all(group.targetGroupArns.map((arn) => this.targets.deregister(arn, one.id)));
    if (serves) await new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref());
    becomeTerminated(this.cloud, one);
    group.warm.delete(one.id);
    this.note(group, `${one.id} was terminated`);
    return true;
  }
}

/** Of the zone with the most the oldest. */
function leaver(members: readonly InstanceRecord[]): InstanceRecord | undefined {
  const load = (zone: string): number => members.filter((one) => one.zone === zone).length;
  return members.toSorted((a, b) => load(b.zone) - load(a.zone) || a.seq - b.seq)[0];
}
