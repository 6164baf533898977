import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BalancerModel } from './balancer-model';
import { arnId, targetGroupDimension } from './elb-names';
import { EnvoyAdmin } from './envoy-admin';
import { EnvoyProcess } from './envoy-process';
import { envoyCluster, envoyEndpoints, envoyListener, envoyListenerName } from './envoy-resources';
import { envoyRouteConfiguration } from './envoy-routes';
import { findFreePort } from './free-port';
import type { Target } from './target';
import { XdsDirectory } from './xds-directory';

const POLL_MS = 20;
const APPLY_LIMIT_MS = 10_000;

export interface EnvoyTrafficOptions {
  readonly envoyPath: string;
  readonly dataDir: string;
  readonly onAccess: (entry: Record<string, unknown>) => void;
}

/** A target together with where it listens. */
export type PlacedTarget = { readonly target: Target; readonly address: string };

/** The real traffic: keeps an Envoy configured like the model, one loopback listener per ELB listener. Envoy starts with the first of them: a region without a balancer needs none. */
export class EnvoyTraffic {
  private readonly ports = new Map<string, number>();
  private clusters: readonly string[] = [];
  /** Version that each of Envoy's statistics must show for the last change to be live. */
  private expected = new Map<string, string>();

  private envoy: EnvoyProcess | undefined;

  private constructor(
    private readonly options: EnvoyTrafficOptions,
    private readonly xds: XdsDirectory,
    private readonly admin: EnvoyAdmin,
    private readonly adminPort: number,
  ) {}

  static async prepare(options: EnvoyTrafficOptions): Promise<EnvoyTraffic> {
    mkdirSync(options.dataDir, { recursive: true });
    const xds = new XdsDirectory(join(options.dataDir, 'xds'));
    xds.write('clusters.json', []);
    xds.write('listeners.json', []);
    const adminPort = await findFreePort(new Set());
    return new EnvoyTraffic(options, xds, new EnvoyAdmin(adminPort), adminPort);
  }

  get pid(): number | undefined {
    return this.envoy?.pid;
  }

  /** Where an ELB listener really listens; undefined until its first apply. */
  url(listenerArn: string): string | undefined {
    const port = this.ports.get(listenerArn);
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }

  /**
   * Brings Envoy to the model without a request being lost: endpoints and clusters first, then, once they are live, the
   * routes that use them; what is no longer used goes last. Resolves when Envoy reports the new versions.
   */
  async apply(model: BalancerModel, targetsOf: (groupArn: string) => readonly PlacedTarget[]): Promise<void> {
    if (this.envoy === undefined && model.listeners.length === 0) return;
    this.envoy ??= new EnvoyProcess({ ...this.options, adminPort: this.adminPort, xds: this.xds });
    const groups = [...model.groups.keys()];
    for (const arn of groups) {
      const version = this.xds.write(endpointsFile(arn), [envoyEndpoints(arn, targetsOf(arn))]);
      this.expected.set(`cluster.${targetGroupDimension(arn)}`, version);
    }
    this.writeClusters([...new Set([...this.clusters, ...groups])]);
    await this.live();

    for (const listener of model.listeners) {
      const name = envoyListenerName(listener.listenerArn);
      const version = this.xds.write(routesFile(listener.listenerArn), [envoyRouteConfiguration(name, listener)]);
      this.expected.set(`http.${name}.rds.${name}`, version);
      if (!this.ports.has(listener.listenerArn)) {
        this.ports.set(listener.listenerArn, await findFreePort(new Set([...this.ports.values(), this.adminPort])));
      }
    }
    const listeners = model.listeners.map((listener) =>
      envoyListener(listener, this.ports.get(listener.listenerArn) ?? 0, this.xds.path(routesFile(listener.listenerArn))),
    );
    this.expected.set('listener_manager.lds', this.xds.write('listeners.json', listeners));
    this.forgetListeners(new Set(model.listeners.map(({ listenerArn }) => listenerArn)));
    await this.live();

    if (this.clusters.length === groups.length) return;
    for (const arn of this.clusters.filter((one) => !model.groups.has(one))) this.expected.delete(`cluster.${targetGroupDimension(arn)}`);
    const removed = this.clusters.filter((one) => !model.groups.has(one));
    this.writeClusters(groups);
    await this.live();
    for (const arn of removed) this.xds.remove(endpointsFile(arn));
  }

  /** Whether everything that was last written is what Envoy runs with. */
  async isLive(): Promise<boolean> {
    if (this.envoy === undefined) return true;
    const versions = await this.admin.versions();
    return [...this.expected].every(([name, version]) => versions.get(name) === version);
  }

  async stop(): Promise<void> {
    await this.envoy?.stop();
  }

  private writeClusters(groups: readonly string[]): void {
    const clusters = groups.map((arn) => envoyCluster(arn, this.xds.path(endpointsFile(arn))));
    this.expected.set('cluster_manager.cds', this.xds.write('clusters.json', clusters));
    this.clusters = groups;
  }

  private forgetListeners(existing: ReadonlySet<string>): void {
    for (const arn of [...this.ports.keys()]) {
      if (existing.has(arn)) continue;
      const name = envoyListenerName(arn);
      this.ports.delete(arn);
      this.expected.delete(`http.${name}.rds.${name}`);
      this.xds.remove(routesFile(arn));
    }
  }

  private async live(): Promise<void> {
    const limitMs = Date.now() + APPLY_LIMIT_MS;
    while (!(await this.isLive())) {
      if (Date.now() > limitMs) throw new Error(`Envoy did not apply a change within ${APPLY_LIMIT_MS} ms; see envoy.log`);
      await sleep(POLL_MS);
    }
  }
}

function endpointsFile(groupArn: string): string {
  return `endpoints-${arnId(groupArn)}.json`;
}

function routesFile(listenerArn: string): string {
  return `routes-${arnId(listenerArn)}.json`;
}
