import type { ComputePort } from '../activities/compute-port';
import type { DiskPort } from '../activities/disk-port';
import type { InstanceCommandPort } from '../activities/instance-command-port';
import type { NetworkPort } from '../activities/network-port';
import type { AwsClients } from '../adapters/aws/clients';
import { createCompute } from '../adapters/aws/compute';
import { createDisks } from '../adapters/aws/disks';
import { createInstanceCommands } from '../adapters/aws/instance-commands';
import { createNetworks } from '../adapters/aws/networks';
import { createShapeCatalogue } from '../adapters/aws/shape-catalogue';
import type { ShapeCatalogue } from '../adapters/aws/shape-catalogue';
import type { RegionConfig } from '../contracts/config';
import { businessFailure } from '../contracts/errors';

/** Instances and what belongs to them, in one region. */
export interface RegionPorts {
  readonly clients: AwsClients;
  readonly catalogue: ShapeCatalogue;
  readonly compute: ComputePort;
  readonly disks: DiskPort;
  readonly networks: NetworkPort;
  readonly commands: InstanceCommandPort;
}

/** The ports of a region by its name, of `own` without one; made when they are first asked for. Throws `InvalidInput` where it is not known how to reach a region. */
export function createRegionPorts(own: RegionConfig, served: readonly RegionConfig[], open: (config: RegionConfig) => AwsClients): (region?: string) => RegionPorts {
  const known = new Map<string, RegionPorts>();
  const portsOf = (region = own.region): RegionPorts => {
    const earlier = known.get(region);
    if (earlier !== undefined) return earlier;
    const clients = open(configOf(region, own, served));
    const catalogue = createShapeCatalogue(clients);
    const made = {
      clients,
      catalogue,
      compute: createCompute(clients.ec2, catalogue),
      disks: createDisks(clients.ec2, clients.ebs, (other) => portsOf(other).clients.ebs),
      networks: createNetworks(clients.ec2),
      commands: createInstanceCommands(clients.ssm),
    };
    known.set(region, made);
    return made;
  };
  return portsOf;
}

/** AWS itself is reached by a region's name; a stand-in of it only where it was said to be. */
function configOf(region: string, own: RegionConfig, served: readonly RegionConfig[]): RegionConfig {
  const config = [own, ...served].find((one) => one.region === region) ?? (own.awsEndpoint === null ? { region, awsEndpoint: null } : undefined);
  if (config === undefined) throw businessFailure('InvalidInput', `the worker of ${own.region} does not know how to reach ${region}: name its endpoint in FORESHIFT_REGIONS`);
  return config;
}
