import { checkBatch, checkCancel, checkConfigure, checkFreeze, checkMoveEnded, checkMoveRequest, checkOutlooks, checkPause, checkPlainCommand, checkReprioritize } from '../../../src/domain/queue/queue-input';
import { checkFollowArgs, checkRecommendArgs } from '../../../src/domain/routing/routing-input';
import { checkStopScaling } from '../../../src/domain/workload-scaling/scaling-input';
import type { RoutedService } from '../../../src/domain/routing/routed-service';
import { QUEUE_POLICY, ROUTED_SERVICE, type CheckedInput } from './workflow-examples';

const INSTANCE = 'i-0123456789abcdef0';
const REQUEST = {
  itemId: 'item-1', instanceId: INSTANCE, name: 'web-1', service: 'web', slaClass: 'standard', sourcePool: 'us-east-1a', targetPool: null, impactMinutes: 30, notBeforeMs: 0, deadlineAtMs: 1_790_000_000_000, costUsd: 0.1, reason: 'hot', requestedBy: 'ada', decisionId: null, onlyIfContended: false, zones: ['us-east-1b'], shapes: [],
};
const OUTLOOK = { atMs: 1_790_000_000_000, horizonMs: 600_000, members: ROUTED_SERVICE.members.map(({ memberId }) => ({ memberId, capacity: 100, load: [{ level: 0.5, value: 40 }, { level: 0.9, value: 80 }], otherLoad: 1, leaving: false })), classShares: { checkout: 0.4, rest: 0.6 } };
const SERVICE = ROUTED_SERVICE as unknown as RoutedService;

/** What running workflows are told by signals and updates: the check of each, and arguments that pass. */
export const WORKFLOW_MESSAGES: Readonly<Record<string, CheckedInput>> = {
  'queue: a move request': { check: checkMoveRequest, examples: [REQUEST] },
  'queue: enqueue': { check: checkBatch, examples: [{ requests: [REQUEST] }] },
  'queue: cancel': { check: checkCancel, examples: [{ itemId: 'item-1', reason: 'r', by: 'ada' }] },
  'queue: reprioritize': { check: checkReprioritize, examples: [{ itemId: 'item-1', weight: 10 }, { instanceId: INSTANCE, impactMinutes: 5, deadlineAtMs: null, reason: 'r' }] },
  'queue: pause': { check: checkPause, examples: [{ reason: 'r', holdRunning: true }] },
  'queue: freeze': { check: (args) => checkFreeze(args, Date.now()), examples: [{ untilMs: 4_102_444_800_000, fromMs: 1_790_000_000_000, reason: 'r' }] },
  'queue: configure': { check: checkConfigure, examples: [{ maxMovesPerHour: 5, by: 'ada' }, QUEUE_POLICY] },
  'queue: predict': { check: checkOutlooks, examples: [{ outlooks: [{ instanceId: INSTANCE, contended: true, impactMinutes: 3, onsetAtMs: null, serviceDisturbed: false }] }] },
  'queue: moveEnded': { check: checkMoveEnded, examples: [{ itemId: 'item-1', outcome: 'moved', replacementId: 'i-2', toPool: null, reason: 'r' }] },
  'a plain command': { check: (args) => checkPlainCommand(args, 'resume'), examples: [{ by: 'ada', reason: 'r' }] },
  'workload: stop': { check: checkStopScaling, examples: [{ by: 'ada', reason: 'r', keep: true }] },
  'routing: recommend': { check: (args) => checkRecommendArgs(args, SERVICE), examples: [{ outlook: OUTLOOK, reason: 'r', by: 'ada' }] },
  'routing: follow': { check: (args) => checkFollowArgs(args, SERVICE), examples: [{ memberId: INSTANCE, host: '10.0.0.1', port: 80 }] },
};
