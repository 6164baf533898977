import type { CapacityOption, OpenZone } from '../domain/capacity/next-place';
import type { ServiceDemand } from '../domain/capacity/demand';
import type { FutureOrder } from '../domain/capacity/future-dated';
import type { ShapeDemand } from '../domain/shapes/shape-demand';
import type { MigrationActivities, Owner } from './migration-activities';
import type { ReservationRef } from './migrate-instance';
import type { CapacityNeedNow } from './pre-allocate-capacity';
import type { CapacityNeed, ProvisionReplicasInput, Replica, ReplicaTemplate, TargetGroupRef } from './provision-replicas';

/** What a template says of the instances that will be launched from it. No user data: that may hold secrets. */
export interface TemplateFacts {
  readonly service: string;
  readonly architecture: string;
  readonly vpcId: string;
  /** The template instance's; null for a launch template. */
  readonly shape: string | null;
  readonly targetGroups: readonly TargetGroupRef[];
  /** Zones that the groups' load balancers serve; null: any. */
  readonly balancerZones: readonly string[] | null;
}

export interface ShapeSearch {
  readonly demand: ShapeDemand;
  readonly durationMs: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly architecture: string;
  readonly vpcId: string;
  readonly balancerZones: readonly string[] | null;
  readonly templateShape: string | null;
  readonly need: CapacityNeed;
}

/** What could be bought, best first, and where; or why nothing can. */
export interface ShapeSurvey {
  readonly options: readonly CapacityOption[];
  readonly zones: readonly OpenZone[];
  /** One sentence a reason. */
  readonly refused: readonly string[];
  /** Set where there are options, and all are beyond the budget. */
  readonly overBudget: string | null;
  readonly quota: { readonly limitVcpus: number; readonly usedVcpus: number } | null;
}

/** What runs of a request that were ended from outside still own. */
export interface EarlierLeft {
  readonly instanceIds: readonly string[];
  readonly reservationIds: readonly string[];
}

/** A replica as EC2 and the balancer see it now. */
export interface ReplicaSight extends Replica {
  /** EC2's state name. */
  readonly state: string;
  /** Null: it serves. Otherwise the sentence that says what is wrong. */
  readonly trouble: string | null;
}

/** An Auto Scaling group as a hold sees it. */
export interface GroupSight {
  readonly group: string;
  readonly desired: number;
  /** How many more its maximum allows. */
  readonly room: number;
  readonly inService: number;
  /** What of the desired capacity the hold added. */
  readonly own: number;
  readonly zones: readonly string[];
  /** The smallest that it may launch: what is promised holds. */
  readonly shape: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly usdPerHour: number;
  /** Instances that wait in its warm pool; null where it has none. */
  readonly warm: number | null;
}

/** Capacity of a pool that is a hold's own, and runs: it is no allocation of the pool's. */
export interface OwnRunning {
  readonly owner: Owner;
  /** Of an Auto Scaling group its newest so many. */
  readonly group: { readonly name: string; readonly count: number } | null;
}

/** Effects and reads of replicas and of capacity that is held. Idempotent as those of the migration. */
export interface CapacityActivities {
  /** Whether this request was carried out already: what it made that still runs, and what earlier runs of it left (absent: nothing). Throws `Conflict` where another request had its id. */
  recallReplicas(args: { request: ProvisionReplicasInput }): Promise<{ readonly digest: string; readonly replicas: readonly Replica[]; readonly left?: EarlierLeft }>;
  /** The task queue of a region's workers. Throws `InvalidInput` for a region that nobody serves, naming those that are. */
  findRegionQueue(args: { region: string }): Promise<string>;
  /** Returns where the worker serves the region; throws `InvalidInput` where it serves another. */
  greetRegion(args: { region: string }): Promise<void>;
  describeTemplate(args: { template: ReplicaTemplate; targetGroups: readonly TargetGroupRef[] | null }): Promise<TemplateFacts>;
  forecastDemand(args: { service: string; zones: readonly string[] | null; horizonMs: number; quantile: number }): Promise<ServiceDemand>;
  /** What the service needs in a window beyond what it has, at the quantile. */
  forecastWindow(args: { service: string; zones: readonly string[] | null; fromMs: number; untilMs: number; quantile: number; targetUtilizationRatio: number; own?: OwnRunning }): Promise<CapacityNeedNow>;
  surveyShapes(args: ShapeSearch): Promise<ShapeSurvey>;
  launchReplica(args: { owner: Owner; template: ReplicaTemplate; place: { zone: string; subnetId: string; shape: string }; reservation: ReservationRef; service: string }): Promise<{ instanceId: string }>;
  /** Makes what was launched the service's own: it carries the request's tags and the owner's no longer. */
  adoptReplicas(args: { owner: Owner; instanceIds: readonly string[]; requestId: string; digest: string }): Promise<void>;
  disownReplicas(args: { owner: Owner; instanceIds: readonly string[] }): Promise<void>;
  /** Takes them out of the groups, without waiting; true for what never was in one. */
  deregisterReplicas(args: { instanceIds: readonly string[]; targetGroups: readonly TargetGroupRef[] }): Promise<void>;
  /** Throws `NotReadyYet` until all of them are terminated. */
  terminateReplicas(args: { instanceIds: readonly string[] }): Promise<void>;
  /** The request's replicas, whatever became of them. */
  inspectReplicas(args: { requestId: string; targetGroups: readonly TargetGroupRef[] }): Promise<readonly ReplicaSight[]>;
  /** Throws `NotReadyYet` as long as these of the request's replicas serve, no others, and as many as wanted; returns when that changes. */
  awaitReplicaTrouble(args: { requestId: string; targetGroups: readonly TargetGroupRef[]; serving: readonly string[]; wanted: number }): Promise<void>;

  /** The oldest running instance of a pool: what its network and architecture are. */
  findPoolTemplate(args: { pool: string }): Promise<ReplicaTemplate>;
  /** A reservation of one instance that is held for a pool. */
  holdCapacity(args: { owner: Owner; rung: { zone: string; shape: string }; step: string; pool: string }): Promise<ReservationRef>;
  /** Whether one more would be refused now: a reservation is asked for and given back at once. */
  probeCapacity(args: { owner: Owner; rung: { zone: string; shape: string }; step: string }): Promise<{ readonly refused: boolean }>;
  /** Cancels all that the owner's tags are on, but for these. */
  releaseHeld(args: { owner: Owner; except: readonly string[] }): Promise<void>;
  /** Nothing where it is cancelled already. */
  cancelReservation(args: { reservationId: string }): Promise<void>;

  /** Orders a reservation for a later date; the same one again for the same step. */
  orderCapacity(args: { owner: Owner; order: FutureOrder; step: string; pool: string }): Promise<{ readonly reservationId: string; readonly state: string }>;
  reservationState(args: { reservationId: string }): Promise<{ readonly state: string }>;
  /** Cancels what the owner ordered where that may be; else it ends by itself when its commitment does, and is the account's own until then. Returns what stays. */
  settleOrders(args: { owner: Owner }): Promise<readonly string[]>;

  /** One instance for a hold, without a reservation; `spot` at the spot price. The same one again for the same step. */
  launchHeld(args: { owner: Owner; template: ReplicaTemplate; place: { zone: string; subnetId: string; shape: string }; step: string; pool: string; spot: boolean }): Promise<{ instanceId: string }>;
  /** Which of these end or are gone, and which others run that are the owner's and nobody knows of. */
  inspectHeld(args: { owner: Owner; instanceIds: readonly string[] }): Promise<{ readonly lost: readonly string[]; readonly strays: readonly string[] }>;
  /** All running instances of the owner, and where they are registered. */
  findHeldInstances(args: { owner: Owner }): Promise<readonly { readonly instanceId: string; readonly targetGroups: readonly TargetGroupRef[] }[]>;

  lookAtGroup(args: { owner: Owner; group: string }): Promise<GroupSight>;
  /** Adds to a group's desired capacity, as much of it as its maximum allows. Throws `InsufficientCapacity` where that is nothing, and `Conflict` where somebody else changed the group while an answer was lost. */
  raiseGroup(args: { owner: Owner; group: string; step: string; by: number }): Promise<{ readonly added: number; readonly desired: number }>;
  /** Throws `NotReadyYet` until so many serve, and `InsufficientCapacity` where a launch since then failed. */
  awaitGroup(args: { group: string; inService: number; sinceMs: number }): Promise<void>;
  /** Takes back what was added: so much of it, or all, with what is scheduled. Nothing where the group is gone. */
  lowerGroup(args: { owner: Owner; group: string; step: string; by: number | null }): Promise<void>;
  /** Has AWS raise the group at that time; another schedule of the same owner is replaced. */
  scheduleGroup(args: { owner: Owner; group: string; step: string; by: number; atMs: number }): Promise<void>;
  /** Takes back what is scheduled; where it has run already, what it added is the owner's. */
  withdrawSchedule(args: { owner: Owner; group: string; step: string }): Promise<void>;
}

/** All that the workflows of capacity call. */
export type CapacityWorkflowActivities = CapacityActivities &
  Pick<
    MigrationActivities,
    | 'resolvePolicy'
    | 'recordAudit'
    | 'reserveCapacity'
    | 'awaitReservation'
    | 'releaseReservations'
    | 'awaitInstanceRunning'
    | 'awaitInstanceHealthy'
    | 'terminateShadows'
    | 'registerTarget'
    | 'awaitTargetHealthy'
    | 'awaitTargetDrained'
    | 'listLeftovers'
  >;
