import type { RunInstancesRequest } from '@aws-sdk/client-ec2';

/** What EC2 must know of an instance type. */
export interface ShapeFacts {
  readonly architectures: readonly string[];
  readonly vcpus: number;
}

export interface SubnetFacts {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly isDefault: boolean;
}

/** What exists outside the gateway's own EC2: instance types and the network. */
export interface ShapeCatalogue {
  /** Undefined for a type that does not exist. */
  shape(name: string): Promise<ShapeFacts | undefined>;
  /** vCPUs by type of a family; bare metal is not among them. */
  family(name: string): Promise<ReadonlyMap<string, number>>;
  /** What a launch template says of its instances; undefined for one that does not exist. */
  launchTemplate(idOrName: string, version: string): Promise<RunInstancesRequest | undefined>;
  subnets(): Promise<readonly SubnetFacts[]>;
}
