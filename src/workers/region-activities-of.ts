import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { recheckPlannedMoves } from '../activities/weigh-fleet';
import { createActorActivities } from '../activities/actor-activities';
import { createAdjustActivities } from '../activities/adjust-activities';
import { createAuditActivities } from '../activities/audit-activities';
import { createAutonomyActivities } from '../activities/autonomy-activities';
import { createCapacityActivities } from '../activities/capacity-activities';
import { createCapacitySurvey } from '../activities/capacity-survey';
import { createDemandActivities } from '../activities/demand-activities';
import { createDiskActivities } from '../activities/disk-activities';
import { forecastLoads } from '../activities/forecast-loads';
import { createDriftActivities } from '../activities/drift-activities';
import { createForecastActivities } from '../activities/forecast-activities';
import { createGroupActivities } from '../activities/group-activities';
import { createHindsightActivities } from '../activities/hindsight-activities';
import { createHoldActivities } from '../activities/hold-activities';
import { createIsolationActivities } from '../activities/isolation-activities';
import { createLoadHistory } from '../activities/load-history';
import { createLeftoverActivities } from '../activities/leftover-activities';
import { createPlanActivities } from '../activities/plan-activities';
import type { PlanDependencies } from '../activities/plan-dependencies';
import { createQueueActivities } from '../activities/queue-activities';
import { createReapActivities } from '../activities/reap-activities';
import { createRecoveryActivities } from '../activities/recovery-activities';
import { createRegionActivities } from '../activities/region-activities';
import { createRegionMoveActivities } from '../activities/region-move-activities';
import { createReplicaActivities } from '../activities/replica-activities';
import { createRoutingActivities } from '../activities/routing-activities';
import { createScaleActivities } from '../activities/scale-activities';
import { createShadowActivities } from '../activities/shadow-activities';
import type { Fetch } from '../activities/shadow-activities';
import { createSourceActivities } from '../activities/source-activities';
import { createStateActivities } from '../activities/state-activities';
import { createTrafficActivities } from '../activities/traffic-activities';
import { createTrainActivities } from '../activities/train-activities';
import { createWorkloadMembers } from '../activities/workload-members';
import { createBalancer } from '../adapters/aws/balancer';
import { createBurstCredits } from '../adapters/aws/burst-credits';
import { createAwsClients } from '../adapters/aws/clients';
import { createElbRouter } from '../adapters/aws/elb-router';
import { createMetricSource } from '../adapters/aws/metric-source';
import { createMetrics } from '../adapters/aws/metrics';
import { createOwnedCapacity } from '../adapters/aws/owned-capacity';
import { createOwnedResources } from '../adapters/aws/owned-resources';
import { createQuotas } from '../adapters/aws/quotas';
import { createReplicaLauncher } from '../adapters/aws/replica-launcher';
import { createReservations } from '../adapters/aws/reservations';
import { createScalingGroups } from '../adapters/aws/scaling-groups';
import { createHeldCapacity } from '../adapters/temporal/held-capacity';
import { createIntentDirectory } from '../adapters/temporal/intent-directory';
import { createMigrationDirectory } from '../adapters/temporal/migration-directory';
import { createQueueClient } from '../adapters/temporal/queue-client';
import { createRunDirectory } from '../adapters/temporal/run-directory';
import type { ActorActivities } from '../contracts/actor';
import type { AdjustActivities } from '../contracts/adjust-shape';
import type { AuditRecord } from '../contracts/audit';
import type { AutonomyActivities } from '../contracts/autonomy';
import type { CapacityActivities } from '../contracts/capacity-activities';
import type { RegionConfig } from '../contracts/config';
import type { IsolationActivities } from '../contracts/isolate-host';
import type { HindsightActivities } from '../contracts/hindsight';
import type { MigrateInstanceResult } from '../contracts/migrate-instance';
import type { MigrationActivities } from '../contracts/migration-activities';
import type { QueueActivities, QueueClientActivities } from '../contracts/migration-queue';
import type { DriftActivities, ReapActivities } from '../contracts/reap-orphans';
import type { RecoveryActivities } from '../contracts/recover-migration';
import type { RoutingActivities } from '../contracts/route-requests';
import type { ScaleActivities } from '../contracts/scale-workload';
import type { PlanActivities } from '../contracts/shape-fleet';
import type { TrainActivities } from '../contracts/train-forecasts';
import { DEFAULT_AUTONOMY } from '../domain/autonomy/autonomy-thresholds';
import { DEFAULT_ROUTING_POLICY } from '../domain/routing/routing-policy';
import type { PastMove } from '../domain/sizing/learn-durations';
import { continueGateInThread } from '../forecasting/training/continue-gate-in-thread';
import { PROFILE_WEIGHT, SIZING_LEVELS } from '../forecasting/sizing-levels';
import { chooseRouter } from './choose-router';
import { createForecaster } from './forecaster';
import { createRegionPorts } from './region-ports';
import type { SharedParts } from './shared-parts';
import { stateKeepersOf } from './state-keepers-of';

/** Credentials of the local cloud: it knows one account and checks nothing. */
const LOCAL_CREDENTIALS = { accessKeyId: 'FORESHIFTWORKER', secretAccessKey: 'local-cloud-only' };

export type RegionActivities = MigrationActivities & ActorActivities & PlanActivities & TrainActivities & QueueActivities & QueueClientActivities & IsolationActivities & CapacityActivities & AdjustActivities & RoutingActivities & ScaleActivities & HindsightActivities & ReapActivities & DriftActivities & RecoveryActivities & AutonomyActivities;

/** A region, the queue of its workers, and all regions with their queues by name. */
export interface ServedRegion extends RegionConfig {
  readonly taskQueue: string;
  readonly regions: readonly RegionConfig[];
  readonly queues: Readonly<Record<string, string>>;
}

/** All activities, acting on one region's AWS. */
export function regionActivitiesOf(shared: SharedParts, { region, awsEndpoint, taskQueue, regions, queues: regionQueues }: ServedRegion): RegionActivities {
  const { local, audit, engine, history, models, calibrations, forecasts, isolations, policy, heartbeat, temporal } = shared;
  const portsIn = createRegionPorts({ region, awsEndpoint }, regions, (one) =>
    createAwsClients({ region: one.region, ...(one.awsEndpoint === null ? {} : { endpoint: one.awsEndpoint }), ...(local ? { credentials: LOCAL_CREDENTIALS } : {}) }),
  );
  const { clients, catalogue, compute, disks } = portsIn();
  const owned = createOwnedCapacity(clients.ec2, catalogue);
  const reservations = createReservations(clients.ec2);
  const tagged = createOwnedResources(clients.ec2, clients.elb);
  const replicas = createReplicaLauncher(clients.ec2, compute, disks);
  const balancer = createBalancer(clients.elb);
  const metrics = createMetrics(clients.cloudwatch, { balancerPeriodSeconds: local ? 1 : 60 });
  const source = createMetricSource(clients.cloudwatch);
  const queues = createQueueClient(temporal, taskQueue);
  const loads = { metrics: createLoadHistory({ source, history }), models, calibrations };
  const sizing = createForecaster(engine, { levels: SIZING_LEVELS, profileWeight: PROFILE_WEIGHT });
  const autonomy = createAutonomyActivities({ autonomy: shared.autonomy, thresholds: DEFAULT_AUTONOMY, now: Date.now });
  const planning: PlanDependencies = {
    ...loads,
    compute,
    disks,
    balancer,
    owned,
    burst: createBurstCredits(clients.ec2, catalogue, source),
    isolations,
    forecaster: sizing,
    forecasts,
    plans: shared.plans,
    queues,
    earnMode: (args) => autonomy.earnMode(args),
    policy: shared.planPolicy,
    pastMoves: async () => completedMoves(await audit.list({ kind: 'outcome', limit: PAST_MOVES })),
    now: Date.now,
    heartbeat,
  };
  const groupActivities = createGroupActivities({ groups: createScalingGroups(clients.autoScaling, clients.ec2), compute });
  return {
    resolvePolicy: async () => policy,
    ...createAuditActivities(audit),
    ...createActorActivities(shared.actors, Date.now),
    ...autonomy,
    ...createHindsightActivities({ audit, history, shape: (name) => compute.shape(name), now: Date.now }),
    ...createSourceActivities({ compute, disks, balancer, owned, region }),
    ...createForecastActivities({ ...loads, compute, forecaster: createForecaster(engine), store: forecasts, now: Date.now }),
    ...createPlanActivities(planning),
    ...createAdjustActivities({ ...planning, compute, balancer, resizes: shared.resizeRecords }),
    ...createTrainActivities({ compute, balancer, source, history, accuracy: shared.accuracy, models, calibrations, engine, trainFurther: continueGateInThread, now: Date.now, heartbeat }),
    ...createCapacityActivities(reservations, createHeldCapacity(temporal, (pool, zone, shape) => reservations.findHolders(pool, zone, shape))),
    ...createHoldActivities({ reservations, compute, balancer, replicas }),
    ...groupActivities,
    ...createScaleActivities({ compute, members: createWorkloadMembers(compute, shared.workloadTags), metrics: loads.metrics, profiles: shared.workloadProfiles, lookAtGroup: groupActivities.lookAtGroup }),
    ...createCapacitySurvey({ compute, catalogue: async () => (await catalogue.catalogue()).shapes, quotas: createQuotas(clients, catalogue) }),
    ...createDemandActivities({ ...loads, compute, owned, forecaster: createForecaster(engine), now: Date.now }),
    ...createRegionActivities({ region, queues: regionQueues }),
    ...createReplicaActivities({ compute, balancer, reservations, replicas }),
    ...createIsolationActivities({ compute, isolations, queues, policy: planning.policy }),
    ...createQueueActivities({ compute, balancer, isolations, migrations: createMigrationDirectory(temporal), queues, recheck: (planId, instanceIds) => recheckPlannedMoves(planning, planId, instanceIds), now: Date.now }),
    ...createDiskActivities({ disks, compute, heartbeat, throwIfCancelled: shared.throwIfCancelled }),
    ...createShadowActivities({ compute, computeIn: (one) => portsIn(one).compute, disks, fetch: fetchDigest }),
    ...createRegionMoveActivities({ disks, networksIn: (one) => portsIn(one).networks }),
    ...createTrafficActivities(balancer, metrics),
    ...createRoutingActivities({ routerOf: chooseRouter(shared.haproxies, createElbRouter(balancer, clients.elb)), forecast: (owners, horizonMs) => forecastLoads({ ...loads, forecaster: sizing }, owners, horizonMs, Date.now()), policy: DEFAULT_ROUTING_POLICY, now: Date.now }),
    ...createStateActivities({ keeperOf: stateKeepersOf(portsIn), compute }),
    ...createLeftoverActivities({ compute, disks, reservations, balancer }),
    ...createReapActivities({ owned: tagged, runs: createRunDirectory(temporal), records: shared.runRecords, compute, disks, reservations, balancer, metrics, metricsSettleMs: policy.ramp.metricsSettleMs, now: Date.now }),
    ...createDriftActivities({ intents: createIntentDirectory(temporal), runs: createRunDirectory(temporal), owned: tagged, compute, reservations, betweenLooksMs: policy.weightsSettleMs, sleep }),
    ...createRecoveryActivities({ compute, disks, balancer, owned: tagged, moves: shared.moveRecords, region }),
  };
}

/** So many outcomes of migrations tell how long moves take. */
const PAST_MOVES = 200;

function completedMoves(outcomes: readonly AuditRecord[]): PastMove[] {
  return outcomes.map(({ detail }) => detail as MigrateInstanceResult | null).flatMap((result) => (result?.kind === 'Completed' ? [result] : []));
}

const PROBE_TIMEOUT_MS = 5_000;

const fetchDigest: Fetch = async (url) => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS), redirect: 'manual' });
  const body = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, digest: createHash('sha256').update(body).digest('hex') };
};
