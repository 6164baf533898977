import { ADJUST_SHAPE } from '../../../src/contracts/adjust-shape';
import { ISOLATE_HOST } from '../../../src/contracts/isolate-host';
import { MIGRATE_INSTANCE } from '../../../src/contracts/migrate-instance';
import { MIGRATION_QUEUE } from '../../../src/contracts/migration-queue';
import { PRE_ALLOCATE_CAPACITY } from '../../../src/contracts/pre-allocate-capacity';
import { PROVISION_REPLICAS } from '../../../src/contracts/provision-replicas';
import { SHAPE_FLEET } from '../../../src/contracts/shape-fleet';
import { checkHoldInput } from '../../../src/domain/capacity/hold-input';
import { checkReplicaInput } from '../../../src/domain/capacity/replica-input';
import { checkFleetInput } from '../../../src/domain/fleet-input';
import { checkIsolationInput } from '../../../src/domain/isolation-input';
import { checkMigrationInput } from '../../../src/domain/migration-input';
import { checkQueueInput } from '../../../src/domain/queue/queue-input';
import { checkRecoverInput } from '../../../src/domain/recovery/recover-input';
import { checkReapInput } from '../../../src/domain/recovery/reap-input';
import { checkRouteRequestsInput } from '../../../src/domain/routing/routing-input';
import { checkAdjustInput, checkResizeInput } from '../../../src/domain/shapes/adjustment/adjust-input';
import { checkTrainInput } from '../../../src/domain/train-input';
import { checkScaleInput } from '../../../src/domain/workload-scaling/scaling-input';

export interface CheckedInput {
  readonly check: (input: unknown) => string[];
  /** All are right. */
  readonly examples: readonly unknown[];
}

const INSTANCE = 'i-0123456789abcdef0';
const DEMAND = { peak: { vcpus: 4, memoryMiB: 8_192, networkGbps: 1, ebsMbps: 100 }, average: { vcpus: 2, memoryMiB: 4_096 } };
const NEED = { demand: DEMAND, zones: ['us-east-1a', 'us-east-1b'], tradeoff: 0.5, targetUtilizationRatio: 0.7, quantile: 0.9, constraints: { allow: ['m7i.*'], families: ['m7i'], burstableAllowed: false }, budget: { maximumUsdPerHour: 1.5, maximumUsdTotal: 100 }, reason: 'release day' };
const WINDOW = '2026-11-26T10:00:00Z/2026-11-26T12:00:00Z';
const CALENDAR = { events: '[{"name":"sale","kind":"campaign","start":"2026-11-27","end":"2026-11-28"}]', timeZone: 'Europe/Berlin' };
const CLASSES = [{ name: 'checkout', priority: 'high', access: 'write', backend: 'shop', header: { name: 'x-class', values: ['a'] } }, { name: 'rest', priority: 'low', backend: 'shop', paths: ['/api/*'] }];
const MEMBERS = [{ memberId: INSTANCE, takesWrites: true }, { memberId: 'i-0123456789abcdef1', instanceId: 'i-0123456789abcdef1' }];

export const QUEUE_POLICY = {
  maxConcurrent: { fleet: 4, pool: 2, service: 1 }, maxMovesPerHour: 10, maxCostUsdPerDay: 100, windows: [{ timeZone: 'Europe/Berlin', weekdays: [1, 2, 3], from: '22:00', to: '05:30' }], freezes: [{ fromMs: 1_790_000_000_000, untilMs: 1_790_000_600_000, reason: 'release' }], cooldownMs: 600_000, noReturnMs: 3_600_000,
  breakerFailures: 3, minHealthyOthers: 1, ageingMs: 60_000, maxWaitMs: 3_600_000, heldTooLongMs: 60_000, reserveAheadMs: 0,
};
export const ROUTED_SERVICE = { service: 'shop', balancer: { kind: 'haproxy', name: 'edge', backends: ['shop'], mapFile: '/etc/haproxy/routes.map' }, members: MEMBERS, classes: CLASSES };
const ROUTED_BY_ELB = { ...ROUTED_SERVICE, balancer: { kind: 'elbv2', listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/x/1/2', targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/1', port: 80, firstPriority: 100 }, verifyEveryMs: 5_000, settleMs: 1_000, watch: { classShares: { checkout: 0.4, rest: 0.6 }, everyMs: 60_000, horizonMs: 600_000 } };

/** The input of every workflow that may be started from outside, by its type: the check that it makes itself, and inputs that pass. */
export const WORKFLOW_INPUTS: Readonly<Record<string, CheckedInput>> = {
  [MIGRATE_INSTANCE]: {
    check: checkMigrationInput,
    examples: [
      { instanceId: INSTANCE },
      {
        instanceId: INSTANCE, dryRun: true, approval: 'required', approvalTimeoutMs: 60_000, onlyIfContended: true, reason: 'hot', trigger: 'operator', zones: ['us-east-1a'], into: 'h-0123456789abcdef0', avoidZones: ['us-east-1b'], shapes: ['m7i.large'], rampStepsPercent: [5, 25, 100], rampStepMs: 1_000, bakeMs: 1_000,
        sync: 'image', maxPauseMs: 500, withoutEvidence: 'goBack', probePath: '/health', region: 'eu-west-1', kmsKeyId: 'k', queueId: 'q', queueItemId: 'i', reservation: { reservationId: 'cr-1', zone: 'us-east-1a', shape: 'm7i.large' },
      },
    ],
  },
  [SHAPE_FLEET]: {
    check: checkFleetInput,
    examples: [{}, { fleet: 'shop', mode: 'observe', modes: { web: 'act' }, approvalTimeoutMs: 60_000, policy: { maxMoves: 5, sizing: { horizonMs: 3_600_000, limitPercent: { cpu: 80 }, overloadCostRatio: { critical: 10 }, disruptionMinutes: { standard: 1 } }, durations: { launchMs: 60_000 }, shrink: false } }],
  },
  [MIGRATION_QUEUE]: { check: checkQueueInput, examples: [{ fleet: 'shop' }, { fleet: 'shop', policy: QUEUE_POLICY, continueAfterEvents: 1_000, lookEveryMs: 5_000 }] },
  [ISOLATE_HOST]: { check: checkIsolationInput, examples: [{ hostId: 'h-1', reason: 'maintenance' }, { zone: 'us-east-1a', reason: 'r', until: '2026-11-26T10:00:00Z', deadline: '2026-11-26T09:00+01:00', drain: true, source: 'operator', lookEveryMs: 1_000 }] },
  [PRE_ALLOCATE_CAPACITY]: {
    check: checkHoldInput,
    examples: [
      { pool: 'web', window: WINDOW },
      { pool: 'web', window: WINDOW, ...NEED, dryRun: true, template: { instanceId: INSTANCE }, leadMs: 60_000, refreshMs: 5_000, maximum: 10, means: ['reservation', 'auto-scaling'], autoScalingGroup: 'web-asg', futureDated: true, commitmentDays: 14, acceptCommitmentUsd: 100 },
    ],
  },
  [PROVISION_REPLICAS]: {
    check: checkReplicaInput,
    examples: [{ requestId: 'r-1', template: { instanceId: INSTANCE } }, { requestId: 'r-1', template: { launchTemplateId: 'lt-1', launchTemplateVersion: '3', imageId: 'ami-1' }, service: 'web', count: 3, minimum: 2, maximum: 5, durationMs: 3_600_000, targetGroups: [{ targetGroupArn: 'arn:aws:x', port: 8_080 }], keep: true, ...NEED }],
  },
  [ADJUST_SHAPE]: { check: checkAdjustInput, examples: [{ instanceId: INSTANCE }, { instanceId: INSTANCE, mode: 'act', tradeoff: 0.4, shapes: ['m7i.large', 'm7i.xlarge'], everyMs: 5_000, budget: { maximumUsdPerHour: 0.4, maximumOneOffUsd: 1 }, rounds: 3 }] },
  resizeInPlace: { check: checkResizeInput, examples: [{ instanceId: INSTANCE, shape: 'm7i.xlarge', reason: 'hot', budget: { maximumUsdPerHour: 1 } }] },
  scaleWorkload: {
    check: checkScaleInput,
    examples: [
      { tag: 'app=web', by: { kind: 'group', autoScalingGroup: 'web-asg' } },
      { tag: 'app=web,tier=front', metric: 'cpuPercent', mode: 'act', by: { kind: 'shape', instanceIds: [INSTANCE], shapes: ['m7i.large', 'm7i.xlarge'] }, policy: { bound: 'upper', interval: [0.1, 0.9], sensitivity: 1, calmLooks: 3, leadMs: 0 }, calendar: CALENDAR, everyMs: 5_000, rounds: 2 },
    ],
  },
  routeRequests: { check: checkRouteRequestsInput, examples: [ROUTED_SERVICE, ROUTED_BY_ELB] },
  trainForecasts: { check: checkTrainInput, examples: [{}, { fleet: 'shop', pools: ['web'], challengers: ['additive'], tuneTrials: 2, tuneModel: 'lstm', continueEpochs: 1, horizonMs: 3_600_000, origins: 2, maxSeries: 10, maxForecasts: 100, mode: 'observe', retainDays: 30, seed: 1 }] },
  reapOrphans: { check: checkReapInput, examples: [{}, { dryRun: true, graceMs: 60_000, mostActs: 10, region: 'us-east-1', confirmedGone: ['migration/i-1'], recover: true, actor: 'ada' }] },
  recoverMigration: { check: checkRecoverInput, examples: [{ instanceId: INSTANCE }, { instanceId: INSTANCE, way: 'rollBack', reason: 'r', actor: 'ada' }] },
};
