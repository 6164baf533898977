import type { CapacityView, QueuesView } from '../../src/console/capacity-api';
import type { MigrationDetail, MigrationRow } from '../../src/console/console-api';
import type { ForecastView, InstanceDetail, InstanceRow, InstancesView } from '../../src/console/instance-api';
import type { PlanDetail } from '../../src/console/plan-api';
import type { AuditKind, AuditRecord } from '../../src/contracts/audit';
import type { PlannedMove } from '../../src/domain/fleet-plan/fleet-plan';
import type { AccuracySummary } from '../../src/domain/forecast-accuracy';
import { DEFAULT_QUEUE_POLICY } from '../../src/domain/queue/queue-policy';
import type { ShadowProfile } from '../../src/domain/profiles/shadow-profile';

export const NOW_MS = Date.now();
const MINUTE_MS = 60_000;
export const INSTANCE = 'i-0123456789abcdef0';

export const ROW: MigrationRow = {
  instanceId: INSTANCE,
  workflowId: `migration/${INSTANCE}`,
  runId: 'run-1',
  state: 'RUNNING',
  phase: 'approve',
  outcome: null,
  startedAtMs: NOW_MS - 5 * MINUTE_MS,
  endedAtMs: null,
  temporalUrl: 'http://127.0.0.1:1/namespaces/default/workflows/migration',
  status: {
    instanceId: INSTANCE, phase: 'approve', outcome: null, paused: false, aborting: null, awaitingApproval: { planHash: 'abcdef0123456789', untilMs: NOW_MS + 30 * MINUTE_MS }, planHash: 'abcdef0123456789', shadowId: 'i-2', reservation: null, shadowPercent: 25,
    lastVerdict: 'ramp 25 %: pass, 49 requests beside 446 on the source', sync: { lagBytes: 4_096, predictedPauseMs: 20, why: 'caught up' },
    phases: [{ phase: 'forecast', startedAtMs: NOW_MS - 5 * MINUTE_MS, endedAtMs: NOW_MS - 4 * MINUTE_MS, note: 'contention ahead' }, { phase: 'ramp', startedAtMs: NOW_MS - 4 * MINUTE_MS }],
    undo: ['give the traffic back'], left: [],
  },
};

/** A record of the migration. */
export function recordOf(seq: number, kind: AuditKind, summary: string, detail: unknown = null, reason: string | null = null): AuditRecord {
  return { key: `k${seq}`, kind, atMs: NOW_MS - (100 - seq) * 1_000, actor: 'tick', workflowId: ROW.workflowId, runId: ROW.runId, instanceId: INSTANCE, summary, reason, detail, seq, previousHash: '0', hash: '1' };
}

const ASSESSED = { metric: 'cpuPercent', contended: true, probability: 0.91, quantile: 0.9, peakQuantileValue: 88.8, limit: 85, onsetAtMs: NOW_MS + 57 * MINUTE_MS, leadMs: 57 * MINUTE_MS, leadSufficient: true } as const;
const ASSESSMENT = { ...ASSESSED, metrics: [ASSESSED], explanation: ['CPU passes its limit of 85.0 % within 120 min with probability 0.91.'] };

export const DETAIL: MigrationDetail = {
  migration: ROW,
  records: [
    recordOf(1, 'decision', 'forecast', { assessment: ASSESSMENT, forecasts: [] }, 'CPU passes 80 % at 10:40'),
    recordOf(2, 'decision', 'plan', {
      instanceId: INSTANCE, from: { zone: 'us-east-1a', shape: 'm7i.large', usdPerHour: 0.1008 }, sync: 'image',
      rungs: [{ zone: 'us-east-1b', subnetId: 's', shape: 'm7i.xlarge', usdPerHour: 0.2016, why: 'cheapest that fits' }],
      creates: ['instance m7i.xlarge in us-east-1b'], changes: ['weights of listener demo'], terminates: [`instance ${INSTANCE}`],
      cost: { hourlyBeforeUsd: 0.1008, hourlyAfterUsd: 0.2016, doubleRunningMs: 600_000, doubleRunningUsd: 0.0354 }, why: ['grow: overload is near', 'cheapest that fits'],
    }),
    recordOf(3, 'act', 'setWeights', { args: { summary: '10 % of the source\'s traffic to the shadow', routes: [] } }),
    recordOf(4, 'act', 'setWeights', { args: { summary: '25 % of the source\'s traffic to the shadow', routes: [] } }),
    recordOf(5, 'readback', 'measureDelta', { args: {}, result: [{ changedBytes: 8_192 }] }),
    recordOf(6, 'decision', 'ramp 25 %: fail, slow', {
      verdict: { kind: 'fail', why: 'slow' },
      evidence: { requests: { source: 446, shadow: 49 }, besideSource: true, logAgainst: 5, logEnough: 4.6, questions: [{ name: 'errors', sourcePercent: 0, shadowPercent: 2.04 }, { name: 'latency', sourcePercent: 50, shadowPercent: 74.7 }] },
    }, 'slow'),
  ],
};

const MOVE: PlannedMove = {
  instanceId: INSTANCE, name: 'web-2', fleet: 'shop', service: 'web', slaClass: 'standard', kind: 'grow', fromShape: 'm7i.large', toShape: 'm7i.xlarge', fromPoolId: 'us-east-1a', toPoolId: 'us-east-1b', toZone: 'us-east-1b',
  startAtMs: NOW_MS + 10 * MINUTE_MS, deadlineAtMs: NOW_MS + 60 * MINUTE_MS, impactMinutes: 262, demandIncreaseRatio: 1.1, dependencies: 1, costUsd: 0.07, savesUsd: 7.73, risk: 'medium', reasons: ['staying costs 11.36 USD with 266 min expected overload'],
};

export const INSTANCE_ROW: InstanceRow = {
  instanceId: INSTANCE, name: 'web-2', fleet: 'shop', service: 'web', poolId: 'us-east-1a', shape: 'm7i.large', cpuPercent: 81, cpuAheadPercent: 98, overloadMinutes: 266, runsOutAtMs: NOW_MS + 57 * MINUTE_MS,
  planned: { kind: 'grow', toShape: 'm7i.xlarge', toPoolId: 'us-east-1b', startAtMs: MOVE.startAtMs }, held: null, planId: 'plan-1', plannedAtMs: NOW_MS - MINUTE_MS,
};

export const INSTANCES: InstancesView = {
  atMs: NOW_MS - MINUTE_MS, horizonMs: 86_400_000, quantile: 0.95, cpuLimitPercent: 85,
  rows: [INSTANCE_ROW, { ...INSTANCE_ROW, instanceId: 'i-1', name: 'api-1', cpuPercent: 30, cpuAheadPercent: 40, overloadMinutes: 0, runsOutAtMs: null, planned: null, held: 'nothing is wanted' }, { ...INSTANCE_ROW, instanceId: 'i-2', name: 'api-2', cpuPercent: null, cpuAheadPercent: null, overloadMinutes: null, runsOutAtMs: null, planned: null, held: 'there is no forecast' }],
};

export const INSTANCE_DETAIL: InstanceDetail = { instanceId: INSTANCE, row: INSTANCE_ROW, move: MOVE, forecasts: [{ metric: 'cpuPercent', issuedAtMs: NOW_MS, horizonMs: 7_200_000 }] };

export const FORECAST: ForecastView = {
  metric: 'cpuPercent', unit: 'percent', issuedAtMs: NOW_MS, stepMs: 300_000, model: 'gate 5', calibration: 'calibrated by 12 earlier forecasts', limit: 85, levels: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95],
  quantiles: Array.from({ length: 24 }, (_, i) => [-6, -4, -2, 0, 2, 4, 6].map((off) => 78 + i * 0.4 + off)),
  actual: { startAtMs: NOW_MS - 48 * 300_000, stepMs: 300_000, values: Array.from({ length: 48 }, (_, i) => 70 + 6 * Math.sin(i / 5)) },
  events: [{ atMs: NOW_MS - 3_600_000, label: 'migration began' }], contention: ASSESSMENT,
};

export const PLAN: PlanDetail = {
  planId: 'plan-1', planHash: 'hash-of-plan-1', fleet: 'shop', atMs: NOW_MS - MINUTE_MS, mode: 'propose', horizonMs: 86_400_000, awaitsUntilMs: NOW_MS + 30 * MINUTE_MS, temporalUrl: null,
  plan: { atMs: NOW_MS, moves: [MOVE], held: [{ instanceId: 'i-1', name: 'api-1', wanted: null, reason: 'nothing is wanted' }], costUsd: 0.07, savesUsd: 7.73, avoidedMinutes: 262 },
  alternatives: [{ instanceId: INSTANCE, fate: 'awaits', stay: { usd: 11.36, overloadMinutes: 266 }, best: { usd: 3.63, overloadMinutes: 4 } }],
};

const REQUEST = { itemId: 'plan-1/i-1', instanceId: 'i-1', name: 'api-1', service: 'api', slaClass: 'standard', sourcePool: 'us-east-1a', targetPool: null, impactMinutes: 10, notBeforeMs: 0, deadlineAtMs: NOW_MS + 3_600_000, costUsd: 0.1, reason: 'overload is near', requestedBy: 'tick', decisionId: 'plan-1', onlyIfContended: true, zones: [], shapes: [] } as const;

export const QUEUES: QueuesView = {
  silent: [],
  queues: [{
    temporalUrl: null,
    status: {
      fleet: 'shop', policy: DEFAULT_QUEUE_POLICY, counts: { queued: 1, running: 1, ended: 1 }, paused: null, breaker: 'three moves in a row failed', failuresInARow: 3, freezes: [], openIntervals: null,
      queued: [{ request: REQUEST, enqueuedAtMs: NOW_MS - MINUTE_MS, weight: 1, reservation: null, priority: 12.5, heldBecause: 'service api has a move already' }],
      running: [{ request: { ...REQUEST, itemId: 'plan-1/i-3', instanceId: 'i-3', name: 'api-3' }, startedAtMs: NOW_MS - MINUTE_MS, runId: null, phase: 'sync', pace: 'normal', aborting: null, held: false, reservation: null }],
      ended: [{ itemId: 'plan-0/i-4', instanceId: 'i-4', replacementId: null, fromPool: 'us-east-1a', toPool: null, startedAtMs: NOW_MS - 9 * MINUTE_MS, endedAtMs: NOW_MS - MINUTE_MS, costUsd: 0.1, outcome: 'failed', reason: 'the shadow was slow' }],
    },
  }],
};

export const CAPACITY: CapacityView = {
  silent: ['capacity/api/2026'],
  holds: [{
    temporalUrl: null,
    status: {
      pool: 'web', window: '2026-12-01T10:00:00Z/2026-12-01T12:00:00Z', phase: 'holding', need: { needFromMs: NOW_MS, shortfall: { vcpus: 2, memoryMiB: 1 }, why: ['demand goes 2 vCPUs beyond'] }, reserveAtMs: null, scheduled: null, planned: null, order: null, refused: [], left: [],
      held: [{ kind: 'reservation', id: 'cr-1', zone: 'us-east-1a', shape: 'm7i.large', usdPerHour: 0.1, vcpus: 2, memoryMiB: 8_192, bestUsdPerHour: 0.1, sinceMs: NOW_MS, rung: 'best' }],
      handedOver: [], report: { holdUsd: 0.2, premiumUsd: 0, handedOver: 0, refusalsAvoided: 0 },
    },
  }] as CapacityView['holds'],
  replicas: [],
};

export const ACCURACY: readonly AccuracySummary[] = [
  { pool: 'web', metric: 'cpuPercent', horizonMs: 3_600_000, model: 'gate', forecasts: 120, relativeLoss: 0.41, absoluteError: 2.1, bias: -0.3, covered80: 0.81, covered90: 0.83, peakHeld: 0.95 },
];

export const PROFILE: ShadowProfile = {
  name: 'cpuPercent app=web', tags: { app: 'web' }, metric: 'cpuPercent', unit: 'percentOfAllocation', stepMs: 300_000, version: 2, digest: 'd', trainedFromMs: 0, trainedToMs: NOW_MS, madeAtMs: NOW_MS, reach: 'tags',
  kin: [{ id: 'a', points: 10, lastAtMs: NOW_MS }], states: { means: [10, 40], deviations: [2, 5], shares: [0.7, 0.3], transitions: [] },
  bands: { levels: [0.05, 0.25, 0.5, 0.75, 0.95], quantiles: Array.from({ length: 24 }, (_, hour) => [5, 10, 15 + hour, 30 + hour, 40 + hour]) },
  bursts: { perDay: 1.5, perHour: new Array<number>(24).fill(0.06), sizes: [], typicalMinutes: 10 }, notes: [],
};
