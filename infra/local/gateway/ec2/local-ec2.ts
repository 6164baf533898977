import { groupOperations } from '../autoscaling/group-operations';
import { ScalingGroups, type GroupTargets } from '../autoscaling/scaling-groups';
import { scheduleOperations } from '../autoscaling/schedule-operations';
import { blockListing } from '../ebs/block-listing';
import { BlockTokens } from '../ebs/block-tokens';
import { blockTransfer } from '../ebs/block-transfer';
import { cloudRoutes } from '../control/cloud-routes';
import type { ControlRoute } from '../control/control-route';
import { Disks } from '../instances/disks';
import { EnforcedPolicies } from '../iam/enforced-policies';
import { InstanceRunner } from '../instances/instance-runner';
import { LoadTraces } from '../instances/load-traces';
import { startMetricPublisher } from '../instances/metric-publisher';
import type { AwsCall, ServiceOperations } from '../operation';
import type { CloudDelays, InstanceDirectory, MetricSink } from '../ports';
import { commandOperations } from '../ssm/command-operations';
import { Commands } from '../ssm/commands';
import { managedInstances } from '../ssm/managed-instances';
import { attributeOperations } from './attribute-operations';
import { Cloud } from './cloud';
import { copyOperations } from './copy-operations';
import { hostOperations } from './host-operations';
import { imageOperations } from './image-operations';
import { instanceDescriptions } from './instance-descriptions';
import { createInstanceDirectory } from './instance-directory';
import { launchOperations } from './launch-operations';
import { reservationOperations } from './reservation-operations';
import type { ShapeCatalogue } from './shape-catalogue';
import { snapshotOperations } from './snapshot-operations';
import { stateOperations } from './state-operations';
import { tagOperations } from './tag-operations';
import { quotaOperations } from './vcpu-quota';
import { volumeOperations } from './volume-operations';

export interface LocalEc2Options {
  /** Folder of volumes, blocks and instances. */
  readonly dataDir: string;
  /** Changed in place by the control API; share it with the other parts. */
  readonly delays: CloudDelays;
  readonly catalogue: ShapeCatalogue;
  readonly sink?: MetricSink | undefined;
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  /** The clouds of all regions by name, to which this one adds itself; absent: it is the only one. */
  readonly regions?: Map<string, Cloud> | undefined;
  /** First two numbers of the instances' loopback addresses, such as `127.77`; one per stack. */
  readonly addressPrefix?: string | undefined;
  readonly terminatedVisibleMs?: number | undefined;
  readonly publishEveryMs?: number | undefined;
  readonly coresPerInstance?: number | undefined;
  readonly memoryBytes?: number | undefined;
  /** Search path of the instances' programs. */
  readonly searchPath?: string | undefined;
  readonly onDefect?: ((error: unknown) => void) | undefined;
}

export interface LocalEc2 {
  /** The services `ec2`, `autoscaling`, `ebs`, `servicequotas` and `ssm`. */
  readonly modules: readonly ServiceOperations[];
  readonly directory: InstanceDirectory;
  readonly controlRoutes: readonly ControlRoute[];
  /** Throws where an access key's policy does not allow a call, of any service. */
  readonly authorize: (call: AwsCall) => void;
  /** From then on Auto Scaling groups put their instances into their target groups. */
  connectTargets(targets: GroupTargets): void;
  /** Ends every process of every instance. */
  stop(): Promise<void>;
}

const ONE_HOUR_MS = 3_600_000;

/** EC2 and the EBS direct APIs of the local cloud, with real folders as disks and real processes as instances. */
export function createLocalEc2(options: LocalEc2Options): LocalEc2 {
  const disks = new Disks(options.dataDir);
  const runner = new InstanceRunner({ dataDir: options.dataDir, searchPath: options.searchPath });
  const traces = new LoadTraces();
  const tokens = new BlockTokens();
  const { region = 'us-east-1', regions = new Map<string, Cloud>() } = options;
  const cloud = new Cloud({
    delays: options.delays,
    catalogue: options.catalogue,
    disks,
    runner,
    accountId: options.accountId ?? '123456789012',
    region,
    regions,
    addressPrefix: options.addressPrefix ?? '127.77',
    terminatedVisibleMs: options.terminatedVisibleMs ?? ONE_HOUR_MS,
    onDefect: options.onDefect ?? (() => undefined),
  });
  regions.set(region, cloud);
  const groups = new ScalingGroups(cloud);
  const policies = new EnforcedPolicies(cloud);
  const stopPublisher = options.sink
    ? startMetricPublisher({
        sink: options.sink,
        traces,
        running: () => [...cloud.instances.values()].filter(({ state }) => state === 'running').map(({ id }) => id),
        processGroups: runner.processGroups,
        everyMs: options.publishEveryMs,
        coresPerInstance: options.coresPerInstance,
        memoryBytes: options.memoryBytes,
      })
    : () => undefined;

  return {
    modules: [
      {
        service: 'ec2',
        operations: {
          ...launchOperations(cloud),
          ...stateOperations(cloud),
          ...instanceDescriptions(cloud),
          ...attributeOperations(cloud),
          ...volumeOperations(cloud),
          ...snapshotOperations(cloud),
          ...imageOperations(cloud),
          ...copyOperations(cloud),
          ...reservationOperations(cloud),
          ...hostOperations(cloud),
          ...tagOperations(cloud),
        },
      },
      { service: 'autoscaling', operations: { ...groupOperations(groups), ...scheduleOperations(groups) } },
      { service: 'ssm', operations: { ...commandOperations(new Commands(cloud)), ...managedInstances(cloud) } },
      { service: 'servicequotas', operations: quotaOperations(cloud) },
      { service: 'ebs', operations: { ...blockListing(cloud, tokens), ...blockTransfer(cloud, tokens) } },
    ],
    connectTargets: (targets) => groups.connect(targets),
    directory: createInstanceDirectory(cloud),
    controlRoutes: [...cloudRoutes(cloud, traces, options.delays), ...policies.routes],
    authorize: policies.authorize,
    stop: async () => {
      stopPublisher();
      await cloud.stop();
    },
  };
}
