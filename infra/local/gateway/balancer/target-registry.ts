import { AwsError } from '../operation';
import type { InstanceDirectory } from '../ports';
import { DEFAULT_DRAIN_SECONDS, EMPTY_MODEL, groupsInUse, type BalancedGroup, type BalancerModel } from './balancer-model';
import { probeTarget } from './probe-target';
import { DRAINING, HEALTHY, NOT_IN_USE, NOT_RUNNING, REGISTERING, type Target, type TargetHealth } from './target';

const TICK_MS = 50;
// A sped-up timeout below a second would measure this machine's load, not the target.
const LEAST_TIMEOUT_MS = 1000;

export interface TargetRegistryOptions {
  readonly directory: InstanceDirectory;
  /** The local cloud's seconds are this much shorter: intervals and draining, not timeouts. */
  readonly speedup: number;
  /** How long a group drains that has AWS's default delay; its sped-up default when absent. */
  readonly drainDefaultMs: number | undefined;
  /** Called after any target came, went or changed its state. */
  readonly onChange: () => void;
}

/** The targets of all groups: checks their health for real and keeps their state. */
export class TargetRegistry {
  private readonly targets = new Map<string, Target>();
  private model: BalancerModel = EMPTY_MODEL;
  private inUse = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: TargetRegistryOptions) {
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.timer.unref();
    options.directory.onChange((id) => {
      // At once, not at the next tick: a stopping instance must not get another request.
      if ([...this.targets.values()].some((target) => target.id === id)) this.tick();
    });
  }

  setModel(model: BalancerModel): void {
    this.model = model;
    this.inUse = groupsInUse(model);
    for (const [key, target] of this.targets) if (!model.groups.has(target.groupArn)) this.targets.delete(key);
    this.tick();
  }

  /** Refuses instances that never existed; a stopped one may be registered. */
  check(group: BalancedGroup, ids: readonly string[]): void {
    const unknown = ids.filter((id) => this.addressOf(group, id) === undefined);
    if (unknown.length > 0) throw new AwsError('InvalidTarget', `The following targets are not valid: '${unknown.join("', '")}'`);
  }

  register(group: BalancedGroup, id: string, port: number): void {
    const key = keyOf(group.arn, id, port);
    const existing = this.targets.get(key);
    // Registering again does nothing, except that it ends draining.
    if (existing !== undefined && existing.goneAtMs === undefined) return;
    this.targets.set(key, { groupArn: group.arn, id, port, health: REGISTERING, streak: 0, nextCheckAtMs: 0, checking: false });
    this.tick();
    this.options.onChange();
  }

  /** Without a port, every registration of the target ends. A target that isn't registered is no error, as on AWS. */
  deregister(group: BalancedGroup, id: string, port: number | undefined): void {
    for (const [key, target] of this.targets) {
      if (target.groupArn !== group.arn || target.id !== id || (port !== undefined && target.port !== port)) continue;
      if (target.goneAtMs !== undefined) continue;
      if (target.health.state === 'unused') {
        this.targets.delete(key);
        continue;
      }
      target.goneAtMs = Date.now() + this.drainMs(group);
      target.health = DRAINING;
    }
    this.options.onChange();
  }

  of(groupArn: string): readonly Target[] {
    return [...this.targets.values()].filter((target) => target.groupArn === groupArn);
  }

  address(target: Target): string | undefined {
    const group = this.model.groups.get(target.groupArn);
    return group === undefined ? undefined : this.addressOf(group, target.id);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private addressOf(group: BalancedGroup, id: string): string | undefined {
    return group.targetType === 'ip' ? id : this.options.directory.find(id)?.address;
  }

  private drainMs(group: BalancedGroup): number {
    const { drainDefaultMs, speedup } = this.options;
    if (group.drainSeconds === DEFAULT_DRAIN_SECONDS && drainDefaultMs !== undefined) return drainDefaultMs;
    return (group.drainSeconds * 1000) / speedup;
  }

  private tick(): void {
    const now = Date.now();
    let changed = false;
    for (const [key, target] of this.targets) {
      if (target.goneAtMs !== undefined) {
        if (target.goneAtMs > now) continue;
        this.targets.delete(key);
        changed = true;
        continue;
      }
      const group = this.model.groups.get(target.groupArn);
      if (group === undefined) continue;
      const idle = this.idleReason(group, target.id);
      if (idle !== undefined) {
        changed = this.enter(target, idle) || changed;
        target.streak = 0;
        continue;
      }
      if (target.health.state === 'unused') {
        target.streak = 0;
        target.nextCheckAtMs = 0;
        changed = this.enter(target, REGISTERING) || changed;
      }
      if (!target.checking && target.nextCheckAtMs <= now) void this.probe(group, target);
    }
    if (changed) this.options.onChange();
  }

  private idleReason(group: BalancedGroup, id: string): TargetHealth | undefined {
    if (!this.inUse.has(group.arn)) return NOT_IN_USE;
    if (group.targetType !== 'ip' && this.options.directory.find(id)?.state !== 'running') return NOT_RUNNING;
    return undefined;
  }

  private async probe(group: BalancedGroup, target: Target): Promise<void> {
    const address = this.addressOf(group, target.id);
    if (address === undefined) return;
    const { healthCheck } = group;
    target.checking = true;
    const port = healthCheck.port === 'traffic-port' ? target.port : Number(healthCheck.port);
    const timeoutMs = Math.max(LEAST_TIMEOUT_MS, (healthCheck.timeoutSeconds * 1000) / this.options.speedup);
    const result = await probeTarget(address, port, healthCheck.path, timeoutMs, healthCheck.matcher);
    target.checking = false;
    target.nextCheckAtMs = Date.now() + (healthCheck.intervalSeconds * 1000) / this.options.speedup;
    // Meanwhile it may have begun to drain, or its instance may have stopped.
    if (target.goneAtMs !== undefined || target.health.state === 'unused') return;
    if (result.ok) {
      target.streak = Math.max(target.streak, 0) + 1;
      // The first check of a new target decides alone, as on AWS.
      if (target.health.state === 'initial' || target.streak >= healthCheck.healthyThreshold) this.changeTo(target, HEALTHY);
      return;
    }
    target.streak = Math.min(target.streak, 0) - 1;
    if (-target.streak >= healthCheck.unhealthyThreshold) {
      this.changeTo(target, { state: 'unhealthy', reason: result.reason, description: result.description });
    }
  }

  private changeTo(target: Target, health: TargetHealth): void {
    if (this.enter(target, health)) this.options.onChange();
  }

  private enter(target: Target, health: TargetHealth): boolean {
    if (target.health.state === health.state && target.health.reason === health.reason) return false;
    target.health = health;
    return true;
  }
}

function keyOf(groupArn: string, id: string, port: number): string {
  return `${groupArn} ${id} ${port}`;
}
