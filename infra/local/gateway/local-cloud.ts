import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createBalancer } from './balancer/balancer';
import { createCloudWatch } from './cloudwatch/cloudwatch-operations';
import type { Cloud } from './ec2/cloud';
import { createLocalEc2 } from './ec2/local-ec2';
import { createMotoCatalogue } from './ec2/moto-catalogue';
import { targetOperations } from './events/target-operations';
import type { GatewayProcessOptions, RegionOptions } from './gateway-options';
import { DEFAULT_DELAYS } from './ports';
import { priceOperations } from './prices/price-operations';
import { startGateway } from './server';

export interface LocalCloud {
  readonly url: string;
  /** Ends the gateway and every process of every instance. */
  stop(): Promise<void>;
}

/** Puts the parts of one region together and serves them at its own endpoint. Regions share nothing but moto, which keeps them apart by itself, and `regions`, by which a copy finds the other's disks. */
export async function startLocalCloud(options: GatewayProcessOptions, { name: region, port, addressPrefix }: RegionOptions, regions: Map<string, Cloud>, onDefect: (error: unknown) => void): Promise<LocalCloud> {
  const { motoUrl, accountId } = options;
  const dataDir = join(options.dataDir, region);
  await mkdir(dataDir, { recursive: true });
  // One object for all parts: the control API changes it in place.
  const delays = { ...DEFAULT_DELAYS, ...options.delays };
  const catalogue = createMotoCatalogue(motoUrl, region);
  const cloudWatch = createCloudWatch({ motoUrl, region, accountId });
  const ec2 = createLocalEc2({ ...options, region, regions, addressPrefix, dataDir, delays, catalogue, sink: cloudWatch.sink, onDefect });
  const balancer = await createBalancer({
    motoUrl,
    directory: ec2.directory,
    sink: cloudWatch.sink,
    delays,
    envoyPath: options.envoyPath,
    dataDir,
    region,
  });
  const ask = (operation: string, TargetGroupArn: string, Id: string): Promise<unknown> =>
    Promise.resolve(balancer.operations.operations[operation]?.({ service: 'elasticloadbalancing', operation, region, params: { TargetGroupArn, Targets: [{ Id }] }, requestId: 'auto-scaling', accessKeyId: 'auto-scaling' }));
  ec2.connectTargets({
    register: async (arn, id) => void (await ask('RegisterTargets', arn, id)),
    deregister: async (arn, id) => void (await ask('DeregisterTargets', arn, id)),
  });
  const gateway = await startGateway({
    modules: [...ec2.modules, ...priceOperations(async () => (await catalogue.subnets()).map(({ zone }) => zone)), cloudWatch.operations, balancer.operations, targetOperations(motoUrl)],
    controlRoutes: [...ec2.controlRoutes, ...cloudWatch.controlRoutes, ...balancer.controlRoutes],
    authorize: ec2.authorize,
    motoUrl,
    region,
    port,
    onDefect,
  });
  return {
    url: gateway.url,
    async stop() {
      await gateway.stop();
      await balancer.stop();
      await ec2.stop();
      await cloudWatch.stop();
      catalogue.close();
    },
  };
}
