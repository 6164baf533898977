/** What the parts of the gateway know of each other. Each part owns its state and offers one of these. */

/** Where a running instance listens, for the balancer and the metric publisher. */
export interface InstanceDirectory {
  /** Undefined for an instance that never existed; `address` is its loopback address on this machine. */
  find(instanceId: string): { readonly address: string; readonly state: string; readonly zone: string } | undefined;
  /** Calls back after every state change of any instance. */
  onChange(listener: (instanceId: string) => void): void;
}

/** One write into the CloudWatch store. A point with several `values` keeps them all (percentiles are exact). */
export interface MetricWrite {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly atMs: number;
  readonly values: readonly number[];
  /** How often each value occurred; 1 each when absent. */
  readonly counts?: readonly number[];
  readonly unit?: string;
}

export interface MetricSink {
  put(writes: readonly MetricWrite[]): void;
}

/** Virtual delays of the local cloud, all in milliseconds; 0 switches one off. */
export interface CloudDelays {
  readonly instancePendingMs: number;
  readonly instanceStoppingMs: number;
  readonly imagePendingMs: number;
  readonly snapshotPendingMs: number;
  readonly volumeCreatingMs: number;
  readonly volumeAttachingMs: number;
  readonly reservationPendingMs: number;
  /** How long a Describe of a just created instance, volume, image or snapshot by id answers NotFound. */
  readonly notFoundAfterCreateMs: number;
  readonly balancerPropagationMs: number;
  /** How long after an instance runs its management agent is there for commands. */
  readonly managedAfterRunningMs: number;
}

export const DEFAULT_DELAYS: CloudDelays = {
  instancePendingMs: 1500,
  instanceStoppingMs: 800,
  imagePendingMs: 1500,
  snapshotPendingMs: 1000,
  volumeCreatingMs: 500,
  volumeAttachingMs: 400,
  reservationPendingMs: 500,
  notFoundAfterCreateMs: 300,
  balancerPropagationMs: 200,
  managedAfterRunningMs: 500,
};
