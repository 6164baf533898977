/** What a migration knows of the instance it moves, read at one moment. No user data: that may hold secrets. */
export interface SourceSnapshot {
  readonly instanceId: string;
  readonly name: string;
  readonly service: string;
  readonly shape: string;
  readonly architecture: string;
  readonly zone: string;
  /** Snapshots in histories older than it have none. */
  readonly region?: string;
  /** The dedicated host that it is on, if it is on one. */
  readonly hostId?: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly instanceProfileArn?: string;
  readonly keyName?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly rootDevice: string;
  /** Attached data volumes, the root volume not among them. */
  readonly dataVolumes: readonly AttachedVolume[];
  readonly traffic: TrafficBinding | null;
  /** Why it can't be ended when its shadow serves: the worker has no right to. */
  readonly cannotEnd?: string;
}

export interface AttachedVolume {
  readonly volumeId: string;
  readonly device: string;
  readonly sizeGiB: number;
  readonly volumeType: string;
}

/** One forward target with its weight, as ELBv2 has it (0..999). */
export interface WeightedTarget {
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** A listener or rule that forwards to the source's target group, with the weights it had. */
export interface TrafficRoute {
  readonly kind: 'listener' | 'rule';
  readonly arn: string;
  readonly forward: readonly WeightedTarget[];
}

/** How traffic reaches the source: its target group, its neighbours there, and what forwards to it. */
export interface TrafficBinding {
  readonly targetGroupArn: string;
  readonly targetGroupName: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  /** Healthy targets of the group other than the source. */
  readonly healthyOthers: number;
  readonly routes: readonly TrafficRoute[];
}
