import { sleep } from '@temporalio/workflow';
import type { RampGroups, RouteWeights, TrafficLook } from '../../contracts/migration-activities';
import type { JudgeState } from '../../domain/judge/judge-state';
import type { TrafficBinding } from '../../domain/source-snapshot';
import { splitRouteWeights } from '../../domain/traffic-weights';
import { say } from '../activity-proxies';
import { acts, undos } from './activities';
import type { PlannedMigration } from './migration';

interface GroupTarget {
  readonly targetGroupArn: string;
  readonly instanceId: string;
  readonly port: number;
}

/**
 * Moves the source's share of its target group's traffic to the shadow. Weights exist per target group, not per
 * instance, so that source and shadow each get a temporary group of their own; both can then be weighed and measured
 * apart from the pool's other targets. In the end the shadow takes the source's place in the pool's group.
 */
export class TrafficShift {
  private groups: RampGroups | null = null;
  /** When the weights read back as all of it on the source, and when nothing was left on the shadow either; null as long as it was not given back. */
  givenBack: { readonly weightsAtMs: number; readonly drainedAtMs: number } | null = null;

  constructor(
    private readonly migration: PlannedMigration,
    readonly traffic: TrafficBinding,
    private readonly shadowId: string,
  ) {}

  /** Both groups stand in the routes with weight 0, and both instances are healthy in them. */
  async prepare(): Promise<void> {
    const { source, waiting } = this.migration;
    const groups = await this.begin();
    const sourceTarget = this.inGroup(groups.sourceGroupArn, source.instanceId);
    const shadowTarget = this.inGroup(groups.shadowGroupArn, this.shadowId);
    await say(acts.registerTarget, 'Register the source in its own group', sourceTarget);
    await say(acts.registerTarget, 'Register the shadow in its own group', shadowTarget);
    await this.setRoutes(acts, this.poolOnly(groups), 'Put both groups into the routes with weight 0');
    await say(waiting.awaitTargetHealthy, `Target health of ${source.instanceId}`, sourceTarget);
    await say(waiting.awaitTargetHealthy, `Target health of ${this.shadowId}`, shadowTarget);
  }

  /** Takes up a shift that was begun and not ended. Nothing of the routes is changed yet. */
  async resume(shadowPercent: number): Promise<void> {
    await this.begin();
    this.migration.progress.shadowPercent = shadowPercent;
  }

  /** Registers the way back, then makes the groups: the same ones again where they are there. */
  private async begin(): Promise<RampGroups> {
    const { owner, source, undo } = this.migration;
    undo.push('give the traffic back to the source', () => this.giveBack(), { guards: true });
    this.groups = await say(acts.createRampGroups, 'Create the temporary target groups', { owner, traffic: this.traffic, vpcId: source.vpcId });
    return this.groups;
  }

  /** Takes the source out of the pool's group: from now on its share is weighed by itself. */
  async isolateSource(): Promise<void> {
    const sinceMs = Date.now();
    await this.setShadowPercent(0);
    // Others in the pool's group take what still comes to it; where there are none, nothing may come any more.
    if (this.traffic.healthyOthers > 0) await this.settled();
    else await this.quiet(this.migration.waiting, [this.traffic.targetGroupArn], sinceMs);
    await say(acts.deregisterTarget, "Take the source out of the pool's group", this.inPool(this.migration.source.instanceId));
  }

  async setShadowPercent(percent: number): Promise<void> {
    await this.setRoutes(acts, this.split(percent), `${percent} % of the source's traffic to the shadow`);
    this.migration.progress.shadowPercent = percent;
  }

  async judge(state: JudgeState, untilMs: number): Promise<TrafficLook> {
    const { gate, stepMs } = this.migration.policy.ramp;
    return say(acts.judgeTraffic, 'Errors and latency of shadow and source', { traffic: this.traffic, groups: this.requireGroups(), state, untilMs, windowMs: stepMs, gate });
  }

  /** The shadow takes the source's place in the pool; the source's requests end, none begins. */
  async consolidate(): Promise<void> {
    const { waiting } = this.migration;
    const groups = this.requireGroups();
    await say(acts.registerTarget, "Register the shadow in the pool's group", this.inPool(this.shadowId));
    await say(waiting.awaitTargetHealthy, `Target health of ${this.shadowId} in the pool`, this.inPool(this.shadowId));
    await this.setRoutes(acts, this.poolOnly(groups), "The pool's group takes all its traffic again");
    await this.drainGroups(acts, waiting, groups);
  }

  /** Removes the temporary groups; the routes are as they were. */
  async removeGroups(): Promise<void> {
    await this.setRoutes(undos, this.traffic.routes, 'Routes as they were');
    await say(undos.deleteRampGroups, 'Delete the temporary target groups', { owner: this.migration.owner });
  }

  /**
   * The way back, from any point: the source takes its whole share at once, because what is wrong is on the shadow, then
   * its old place in the pool. What the shadow still answers is waited for. Refuses where the source cannot serve.
   */
  private async giveBack(): Promise<void> {
    const { groups } = this;
    const { source, progress } = this.migration;
    const poolTarget = this.inPool(source.instanceId);
    let weightsAtMs: number | null = null;
    await say(undos.verifySourceServes, 'Can the source take its load back?', poolTarget);
    if (groups !== null && progress.shadowPercent > 0) {
      const alone = this.inGroup(groups.sourceGroupArn, source.instanceId);
      await say(undos.registerTarget, 'The source in its own group', alone);
      await say(undos.awaitTargetHealthy, `Target health of ${source.instanceId}`, alone);
      await this.setRoutes(undos, this.split(0), 'All of its traffic back to the source');
      weightsAtMs = Date.now();
    }
    await say(undos.registerTarget, "The source in the pool's group", poolTarget);
    await say(undos.awaitTargetHealthy, `Target health of ${source.instanceId} in the pool`, poolTarget);
    await say(undos.deregisterTarget, "The shadow out of the pool's group", this.inPool(this.shadowId));
    if (groups !== null) {
      await this.setRoutes(undos, this.poolOnly(groups), "The pool's group takes all its traffic again");
      weightsAtMs ??= Date.now();
      await this.drainGroups(undos, undos, groups);
    }
    await say(undos.awaitTargetDrained, 'Wait until no request of the pool is left on the shadow', this.inPool(this.shadowId));
    progress.shadowPercent = 0;
    const drainedAtMs = Date.now();
    this.givenBack = { weightsAtMs: weightsAtMs ?? drainedAtMs, drainedAtMs };
    await this.setRoutes(undos, this.traffic.routes, 'Routes as they were');
    await say(undos.deleteRampGroups, 'Delete the temporary target groups', { owner: this.migration.owner });
  }

  /**
   * Waits until no request is left in the temporary groups. They must still stand in the routes, with weight 0: a group that
   * no route names counts as unused at once, and what its targets still answer would be cut off.
   */
  private async drainGroups(proxy: typeof acts, waiting: typeof acts, groups: RampGroups): Promise<void> {
    const sinceMs = Date.now();
    const targets = [
      this.inGroup(groups.sourceGroupArn, this.migration.source.instanceId),
      this.inGroup(groups.shadowGroupArn, this.shadowId),
    ];
    await this.quiet(waiting, [groups.sourceGroupArn, groups.shadowGroupArn], sinceMs);
    for (const target of targets) await say(proxy.deregisterTarget, `Drain ${target.instanceId} in its own group`, target);
    for (const target of targets) await say(waiting.awaitTargetDrained, `Wait until no request of its own group is left on ${target.instanceId}`, target);
  }

  /** What a balancer answers is not yet what it does: old weights must have ended before a target that they lead to goes. */
  private async settled(): Promise<void> {
    await sleep(this.migration.policy.weightsSettleMs);
  }

  /** Weights that read back as 0 may still be served with what they were: the balancer itself must count nothing any more. */
  private async quiet(waiting: typeof acts, groupArns: readonly string[], sinceMs: number): Promise<void> {
    await this.settled();
    const settleMs = this.migration.policy.ramp.metricsSettleMs;
    for (const targetGroupArn of groupArns) {
      await say(waiting.awaitGroupQuiet, `Wait until no request comes to ${targetGroupArn.split('/').at(-2) ?? targetGroupArn}`, { loadBalancerArn: this.traffic.loadBalancerArn, targetGroupArn, sinceMs, settleMs });
    }
  }

  private async setRoutes(proxy: typeof acts, routes: readonly RouteWeights[], summary: string): Promise<void> {
    await say(proxy.setWeights, summary, { routes, summary });
  }

  private poolOnly(groups: RampGroups): RouteWeights[] {
    return this.traffic.routes.map((route) => ({
      ...route,
      forward: [...route.forward, { targetGroupArn: groups.sourceGroupArn, weight: 0 }, { targetGroupArn: groups.shadowGroupArn, weight: 0 }],
    }));
  }

  private split(shadowPercent: number): RouteWeights[] {
    const groups = this.requireGroups();
    const { targetGroupArn: poolArn, healthyOthers: poolTargets } = this.traffic;
    return this.traffic.routes.map((route) => ({
      ...route,
      forward: splitRouteWeights(route, { poolArn, sourceArn: groups.sourceGroupArn, shadowArn: groups.shadowGroupArn, poolTargets, shadowPercent }),
    }));
  }

  private inPool(instanceId: string): GroupTarget {
    return this.inGroup(this.traffic.targetGroupArn, instanceId);
  }

  private inGroup(targetGroupArn: string, instanceId: string): GroupTarget {
    return { targetGroupArn, instanceId, port: this.traffic.port };
  }

  private requireGroups(): RampGroups {
    if (this.groups === null) throw new Error('the ramp was not prepared');
    return this.groups;
  }
}
