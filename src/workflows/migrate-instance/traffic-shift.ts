import type { RampGroups, RouteWeights } from '../../contracts/migration-activities';
import type { TrafficBinding } from '../../domain/source-snapshot';
import type { TrafficSample } from '../../domain/ramp-verdict';
import { splitRouteWeights } from '../../domain/traffic-weights';
import { acts, say, undos } from './activities';
import type { PlannedMigration } from './migration';

/**
 * Moves the source's share of its target group's traffic to the shadow. Weights exist per target group, not per
 * instance, so that source and shadow each get a temporary group of their own; both can then be weighed and measured
 * apart from the pool's other targets. In the end the shadow takes the source's place in the pool's group.
 */
export class TrafficShift {
  private groups: RampGroups | null = null;

  constructor(
    private readonly migration: PlannedMigration,
    readonly traffic: TrafficBinding,
    private readonly shadowId: string,
  ) {}

  /** Both groups stand in the routes with weight 0, and both instances are healthy in them. */
  async prepare(): Promise<void> {
    const { owner, source, undo, waiting } = this.migration;
    undo.push('give the traffic back to the source', () => this.giveBack(), { guards: true });
    const groups = await say(acts.createRampGroups, 'Create the temporary target groups', { owner, traffic: this.traffic, vpcId: source.vpcId });
    this.groups = groups;
    const { port } = this.traffic;
    const sourceTarget = { targetGroupArn: groups.sourceGroupArn, instanceId: source.instanceId, port };
    const shadowTarget = { targetGroupArn: groups.shadowGroupArn, instanceId: this.shadowId, port };
    await say(acts.registerTarget, 'Register the source in its own group', sourceTarget);
    await say(acts.registerTarget, 'Register the shadow in its own group', shadowTarget);
    await this.setRoutes(acts, this.poolOnly(groups), 'Put both groups into the routes with weight 0');
    await say(waiting.awaitTargetHealthy, `Target health of ${source.instanceId}`, sourceTarget);
    await say(waiting.awaitTargetHealthy, `Target health of ${this.shadowId}`, shadowTarget);
  }

  /** Takes the source out of the pool's group: from now on its share is weighed by itself. */
  async isolateSource(): Promise<void> {
    await this.setShadowPercent(0);
    await say(acts.deregisterTarget, "Take the source out of the pool's group", this.inPool(this.migration.source.instanceId));
  }

  async setShadowPercent(percent: number): Promise<void> {
    await this.setRoutes(acts, this.split(percent), `${percent} % of the source's traffic to the shadow`);
    this.migration.progress.shadowPercent = percent;
  }

  async measure(fromMs: number, toMs: number): Promise<{ source: TrafficSample; shadow: TrafficSample }> {
    return say(acts.measureTraffic, 'Errors and latency of shadow and source', { traffic: this.traffic, groups: this.requireGroups(), fromMs, toMs });
  }

  /** The shadow takes the source's place in the pool; the source's requests end, none begins. */
  async consolidate(): Promise<void> {
    const { source, waiting } = this.migration;
    const groups = this.requireGroups();
    await say(acts.registerTarget, "Register the shadow in the pool's group", this.inPool(this.shadowId));
    await say(waiting.awaitTargetHealthy, `Target health of ${this.shadowId} in the pool`, this.inPool(this.shadowId));
    await this.setRoutes(acts, this.poolOnly(groups), "The pool's group takes all its traffic again");
    const sourceTarget = { targetGroupArn: groups.sourceGroupArn, instanceId: source.instanceId, port: this.traffic.port };
    await say(acts.deregisterTarget, 'Drain the source', sourceTarget);
    await say(waiting.awaitTargetDrained, 'Wait until no request is left on the source', sourceTarget);
  }

  /** Removes the temporary groups; the routes are as they were. */
  async removeGroups(): Promise<void> {
    await this.setRoutes(undos, this.traffic.routes, 'Routes as they were');
    await say(undos.deleteRampGroups, 'Delete the temporary target groups', { owner: this.migration.owner });
  }

  /**
   * The way back, from any point: the source takes its whole share at once, because what is wrong is on the shadow, then
   * its old place in the pool. Refuses where the source cannot serve.
   */
  private async giveBack(): Promise<void> {
    const { source, progress } = this.migration;
    const poolTarget = this.inPool(source.instanceId);
    await say(undos.verifySourceServes, 'Can the source take its load back?', poolTarget);
    if (this.groups !== null && progress.shadowPercent > 0) {
      const alone = { targetGroupArn: this.groups.sourceGroupArn, instanceId: source.instanceId, port: this.traffic.port };
      await say(undos.registerTarget, 'The source in its own group', alone);
      await say(undos.awaitTargetHealthy, `Target health of ${source.instanceId}`, alone);
      await this.setRoutes(undos, this.split(0), 'All of its traffic back to the source');
    }
    await say(undos.registerTarget, "The source in the pool's group", poolTarget);
    await say(undos.awaitTargetHealthy, `Target health of ${source.instanceId} in the pool`, poolTarget);
    await this.setRoutes(undos, this.traffic.routes, 'Routes as they were');
    progress.shadowPercent = 0;
    await say(undos.deregisterTarget, "The shadow out of the pool's group", this.inPool(this.shadowId));
    await say(undos.deleteRampGroups, 'Delete the temporary target groups', { owner: this.migration.owner });
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

  private inPool(instanceId: string): { targetGroupArn: string; instanceId: string; port: number } {
    return { targetGroupArn: this.traffic.targetGroupArn, instanceId, port: this.traffic.port };
  }

  private requireGroups(): RampGroups {
    if (this.groups === null) throw new Error('the ramp was not prepared');
    return this.groups;
  }
}
