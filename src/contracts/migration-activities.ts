import type { ContentionAssessment } from '../domain/contention';
import type { ForecastSummary } from '../domain/forecast';
import type { MigrationPolicy } from '../domain/migration-policy';
import type { JudgeState } from '../domain/judge/judge-state';
import type { RampGate } from '../domain/judge/ramp-gate';
import type { LatencyQuantiles } from '../domain/judge/traffic-interval';
import type { RampVerdict } from '../domain/judge/verdict-of';
import type { OwnedCapacity } from '../domain/owned-capacity';
import type { Shape } from '../domain/shape';
import type { HandedOverStrategy } from '../domain/sync-strategy';
import type { MatchedNetwork } from '../domain/region/match-network';
import type { SourceSnapshot, TrafficBinding, WeightedTarget } from '../domain/source-snapshot';
import type { TargetRung } from '../domain/target-ladder';
import type { AuditEntry, AuditReceipt } from './audit';
import type { ReservationRef } from './migrate-instance';

/** Who owns what a migration creates: the workflow and its first run; goes into tags and client tokens. */
export interface Owner {
  readonly workflowId: string;
  readonly runId: string;
}

export interface ForecastOutcome {
  readonly forecasts: readonly ForecastSummary[];
  readonly assessment: ContentionAssessment;
}

export interface TargetOptions {
  readonly sourceShape: Shape;
  readonly shapes: readonly Shape[];
  readonly zones: readonly { readonly zone: string; readonly subnetId: string; readonly offeredShapes: readonly string[] }[];
  /** Hosts and reservations that the source's fleet may go into; histories older than it have none. */
  readonly owned?: readonly OwnedCapacity[];
}

/** From which region to this one, and with which of this one's keys what is copied is encrypted; without one as it was, with the region's default key. */
export interface CopyOrigin {
  readonly fromRegion: string;
  readonly kmsKeyId?: string;
}

export interface ImageRef {
  readonly imageId: string;
}

/** One snapshot of a source volume, and how much changed since the state that the shadow holds. */
export interface VolumeDelta {
  readonly device: string;
  readonly sourceVolumeId: string;
  readonly snapshotId: string;
  readonly changedBytes: number;
  /** The source's earlier snapshot that this was measured against; histories older than it have none. */
  readonly sinceSnapshotId?: string;
}

/** The two temporary groups between which the source's share of the traffic moves. */
export interface RampGroups {
  readonly sourceGroupArn: string;
  readonly shadowGroupArn: string;
}

/** Whose state is kept, how, and how long its service may stand still. */
export interface KeeperArgs {
  readonly strategy: HandedOverStrategy;
  readonly owner: Owner;
  readonly sourceId: string;
  readonly shadowId: string;
  /** Where the shadow is, if not in the source's region. */
  readonly shadowRegion?: string;
  readonly maxPauseMs: number;
}

/** How far the shadow's state is. `isReady`: little enough is left for the pause that is allowed. */
export interface SyncLook {
  /** Where it does not, it has to be begun once more. */
  readonly isFlowing: boolean;
  readonly isReady: boolean;
  readonly why: string;
  readonly lagBytes: number | null;
  readonly predictedPauseMs: number | null;
}

/** What a hand-over came to, as far as it is known. */
export interface HandedOver {
  readonly pauseMs: number | null;
  readonly predictedPauseMs: number | null;
  /** Digest that both sides had when the state went over. */
  readonly digest: string | null;
}

/** What a look at the traffic came to. */
export interface TrafficLook {
  readonly state: JudgeState;
  readonly verdict: RampVerdict;
  readonly latencies: LatencyQuantiles;
}

export interface RouteWeights {
  readonly kind: 'listener' | 'rule';
  readonly arn: string;
  readonly forward: readonly WeightedTarget[];
}

/**
 * Every effect and read of the saga. One object in, one object out. An act is idempotent by its client token or by
 * nature; an undo is idempotent and true for "never happened"; `await*` throw `NotReadyYet` until it is so.
 */
export interface MigrationActivities {
  resolvePolicy(): Promise<MigrationPolicy>;
  recordAudit(entry: AuditEntry): Promise<AuditReceipt>;
  /** Writes each, once per key, in this order. */
  recordAudits(args: { entries: readonly AuditEntry[] }): Promise<void>;

  describeSource(args: { instanceId: string }): Promise<SourceSnapshot>;
  forecastInstance(args: { instanceId: string; shape: string; policy: MigrationPolicy['forecast'] }): Promise<ForecastOutcome>;
  listTargetOptions(args: { vpcId: string; shape: string; fleet: string | null }): Promise<TargetOptions>;

  /** Takes what is held for the service in this place, where there is something, and else asks AWS. */
  reserveCapacity(args: { owner: Owner; rung: Pick<TargetRung, 'zone' | 'shape'>; step: string; service?: string }): Promise<ReservationRef>;
  /** Makes a reservation of another owner this one's: it is released with this one's. Throws `Conflict` where it holds no capacity any more. */
  adoptReservation(args: { owner: Owner; reservationId: string }): Promise<void>;
  awaitReservation(args: { reservationId: string }): Promise<void>;
  releaseReservations(args: { owner: Owner }): Promise<void>;

  /** What of this region stands for the source's network, by the same names. Throws `InvalidInput` where that is not clear. Asked in `region`. */
  matchNetwork(args: { source: SourceSnapshot; region: string }): Promise<MatchedNetwork>;
  createImage(args: { owner: Owner; source: SourceSnapshot }): Promise<ImageRef>;
  /** Begins to copy an image with its snapshots from another region to this one. */
  copyImage(args: CopyOrigin & { owner: Owner; imageId: string }): Promise<ImageRef>;
  awaitImage(args: { imageId: string }): Promise<void>;
  deleteImages(args: { owner: Owner }): Promise<void>;

  /** `network`: instead of the source's own, where it is launched in another region. */
  launchShadow(args: { owner: Owner; source: SourceSnapshot; imageId: string; reservation: ReservationRef | null; rung: TargetRung; leaveGroup: boolean; network?: MatchedNetwork }): Promise<{ instanceId: string }>;
  awaitInstanceRunning(args: { instanceId: string }): Promise<void>;
  awaitInstanceHealthy(args: { instanceId: string }): Promise<void>;
  terminateShadows(args: { owner: Owner }): Promise<void>;

  snapshotSource(args: { owner: Owner; source: SourceSnapshot; round: number }): Promise<readonly VolumeDelta[]>;
  awaitSnapshots(args: { snapshotIds: readonly string[] }): Promise<void>;
  measureDelta(args: { owner: Owner; imageId: string; deltas: readonly VolumeDelta[]; previous: readonly VolumeDelta[] }): Promise<readonly VolumeDelta[]>;
  /** Begins to copy the snapshots of what changed from another region to this one; they are still to be waited for. */
  copySnapshots(args: CopyOrigin & { owner: Owner; deltas: readonly VolumeDelta[]; round: number }): Promise<readonly VolumeDelta[]>;
  /** Snapshots for the shadow's volumes: those that its present ones are made from, with the changed blocks written on top; they are still to be waited for. `fromRegion`: where the deltas are, if not here. */
  writeBlocks(args: { owner: Owner; imageId: string; deltas: readonly VolumeDelta[]; previous: readonly VolumeDelta[]; round: number; fromRegion?: string }): Promise<readonly VolumeDelta[]>;
  stopShadow(args: { instanceId: string }): Promise<void>;
  awaitInstanceStopped(args: { instanceId: string }): Promise<void>;
  replaceVolumes(args: { owner: Owner; instanceId: string; zone: string; deltas: readonly VolumeDelta[]; round: number }): Promise<void>;
  startShadow(args: { instanceId: string }): Promise<void>;
  /** SHA-256 over all blocks of these snapshots, by device. */
  digestContent(args: { deltas: readonly VolumeDelta[] }): Promise<{ digests: Readonly<Record<string, string>> }>;
  /** `digests`: the source's, where its snapshots are in another region. */
  verifyContent(args: { owner: Owner; source: SourceSnapshot; instanceId: string; imageId: string; deltas: readonly VolumeDelta[]; digests?: Readonly<Record<string, string>> }): Promise<{ digests: Readonly<Record<string, string>> }>;
  probeApplication(args: { sourceId: string; instanceId: string; port: number; path: string }): Promise<{ digest: string }>;

  /** The shadow's service stands still, and the source's state flows there. Throws `NotReadyYet` until it does. */
  beginSync(args: KeeperArgs): Promise<void>;
  lookAtSync(args: KeeperArgs): Promise<SyncLook>;
  /** The service goes over. Throws `NotReadyYet` until it is known to have. */
  handOverState(args: KeeperArgs): Promise<HandedOver>;
  /** What is written at the shadow flows back. Throws `NotReadyYet` until it does. */
  beginSyncBack(args: KeeperArgs): Promise<void>;
  /** The source has the state and the shadow never takes it. Throws `NotReadyYet` until it is so. */
  takeStateBack(args: KeeperArgs): Promise<void>;
  endSync(args: KeeperArgs): Promise<void>;

  createRampGroups(args: { owner: Owner; traffic: TrafficBinding; vpcId: string }): Promise<RampGroups>;
  registerTarget(args: { targetGroupArn: string; instanceId: string; port: number }): Promise<void>;
  deregisterTarget(args: { targetGroupArn: string; instanceId: string; port: number }): Promise<void>;
  awaitTargetHealthy(args: { targetGroupArn: string; instanceId: string; port: number }): Promise<void>;
  awaitTargetDrained(args: { targetGroupArn: string; instanceId: string; port: number }): Promise<void>;
  /** Throws `NotReadyYet` until the balancer counted no request for the group in the last whole period that is complete and began after `sinceMs`. */
  awaitGroupQuiet(args: { loadBalancerArn: string; targetGroupArn: string; sinceMs: number; settleMs: number }): Promise<void>;
  /** Sets the weights, reads them back and throws `VerificationFailed` where they differ. */
  setWeights(args: { routes: readonly RouteWeights[]; summary: string }): Promise<void>;
  /**
   * Takes what both sides served since the judge last looked, until `untilMs`, into account. A repeated look comes to the same.
   * `latencies`: the source's quantiles over the last `windowMs`, null where it answered nothing.
   */
  judgeTraffic(args: { traffic: TrafficBinding; groups: RampGroups; state: JudgeState; untilMs: number; windowMs: number; gate: RampGate }): Promise<TrafficLook>;
  /** Throws `VerificationFailed` where the source is gone or unhealthy: load must not be sent back to it. */
  verifySourceServes(args: { instanceId: string; targetGroupArn: string; port: number }): Promise<void>;
  deleteRampGroups(args: { owner: Owner }): Promise<void>;

  adoptReplacement(args: { owner: Owner; source: SourceSnapshot; instanceId: string }): Promise<void>;
  disownReplacement(args: { owner: Owner; instanceId: string }): Promise<void>;
  verifySourceIdle(args: { instanceId: string; traffic: TrafficBinding | null }): Promise<void>;
  terminateSource(args: { instanceId: string }): Promise<void>;
  awaitInstanceTerminated(args: { instanceId: string }): Promise<void>;
  /** What carries the owner's tags and still exists, one line each. */
  listLeftovers(args: { owner: Owner }): Promise<readonly string[]>;
}
