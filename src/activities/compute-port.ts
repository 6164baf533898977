import type { ReservationRef } from '../contracts/migrate-instance';
import type { Owner } from '../contracts/migration-activities';
import type { Shape } from '../domain/shape';
import type { PlaceKind } from '../domain/isolation';
import type { AttachedVolume } from '../domain/source-snapshot';
import type { TargetRung } from '../domain/target-ladder';

export interface InstanceFacts {
  readonly instanceId: string;
  /** EC2's state name: pending, running, stopping, stopped, shutting-down, terminated. */
  readonly state: string;
  readonly shape: string;
  readonly imageId: string;
  readonly architecture: string;
  readonly zone: string;
  /** The dedicated host that it is on; null where it is on shared hardware. */
  readonly hostId: string | null;
  /** The capacity reservation whose capacity it uses; null where it uses none. */
  readonly reservationId: string | null;
  readonly launchedAtMs: number;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly address: string;
  readonly securityGroupIds: readonly string[];
  readonly instanceProfileArn: string | null;
  readonly keyName: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly rootDevice: string;
  readonly volumes: readonly Pick<AttachedVolume, 'volumeId' | 'device'>[];
}

export interface LaunchRequest {
  readonly owner: Owner;
  /** Whose profile, key, groups and tags the new instance gets. */
  readonly source: InstanceFacts;
  /** The source's, base64. It may hold secrets: it goes from EC2 to EC2 and never through a workflow's history. */
  readonly userData: string | undefined;
  readonly imageId: string;
  /** Null where the rung is a dedicated host. */
  readonly reservation: ReservationRef | null;
  readonly rung: TargetRung;
  /** It does not get the source's tag `foreshift:pool`. */
  readonly leaveGroup: boolean;
}

/** Instances and the catalogue of what they can be. Unknown ids throw `NotFound`. */
export interface ComputePort {
  describe(instanceId: string): Promise<InstanceFacts>;
  /** Base64; undefined where it has none. */
  userData(instanceId: string): Promise<string | undefined>;
  isTerminationProtected(instanceId: string): Promise<boolean>;
  /** Why AWS would not let this worker terminate it, in AWS's words; null where it would. Nothing is terminated. */
  forbidsTermination(instanceId: string): Promise<string | null>;
  /** Running or pending instances with this tag value, or with any value. */
  listTagged(tag: string, value: string | null): Promise<readonly InstanceFacts[]>;
  /** Running or pending instances in that zone, on that dedicated host, or with that value of the tag `foreshift:pool`. */
  listPlaced(kind: PlaceKind, key: string): Promise<readonly InstanceFacts[]>;
  /** Every instance that the run created and that is not terminated. */
  findOwned(owner: Owner): Promise<readonly InstanceFacts[]>;
  /** One instance into the reservation or onto the host; the same instance again when repeated. */
  launch(request: LaunchRequest): Promise<{ instanceId: string }>;
  start(instanceId: string): Promise<void>;
  stop(instanceId: string): Promise<void>;
  terminate(instanceIds: readonly string[]): Promise<void>;
  /** Another type for a stopped instance. */
  changeShape(instanceId: string, shape: string): Promise<void>;
  /** Both of EC2's checks are `ok`. */
  passesChecks(instanceId: string): Promise<boolean>;
  /** Those of them, running ones, of which both checks are `ok`. */
  passingChecks(instanceIds: readonly string[]): Promise<ReadonlySet<string>>;
  tag(resourceIds: readonly string[], tags: Readonly<Record<string, string>>): Promise<void>;
  untag(resourceIds: readonly string[], keys: readonly string[]): Promise<void>;
  zones(vpcId: string): Promise<readonly { readonly zone: string; readonly subnetId: string; readonly offeredShapes: readonly string[] }[]>;
  shape(name: string): Promise<Shape>;
  /** All shapes, of those that a price is known for, on which an instance of this shape can run as it is; itself among them. */
  compatibleShapes(name: string): Promise<readonly Shape[]>;
}
