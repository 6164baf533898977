import { checkBatch, checkCancel, checkFreeze, checkMoveRequest, checkOutlooks, checkPause, checkPlainCommand, checkPolicy, checkQueueInput, checkReprioritize } from '../../../src/domain/queue/queue-input';
import { DEFAULT_QUEUE_POLICY } from '../../../src/domain/queue/queue-policy';
import { requestOf } from './queue-fixtures';

describe("the queue's inputs", () => {
  it('are right as they are written down', () => {
    expect(checkMoveRequest(requestOf(1))).toEqual([]);
    expect(checkPolicy(DEFAULT_QUEUE_POLICY)).toEqual([]);
    expect(checkQueueInput({ fleet: 'shop', policy: { cooldownMs: 0, windows: [{ timeZone: 'Europe/Berlin', weekdays: [1], from: '22:00', to: '04:00' }] } })).toEqual([]);
    expect([checkPlainCommand(undefined, 'resume'), checkPause({ reason: 'release' }), checkFreeze({ untilMs: 1, reason: 'r' }, 0)]).toEqual([[], [], []]);
  });

  it.each<[string, string[], RegExp]>([
    ['a request without a field', checkMoveRequest({ ...requestOf(1), costUsd: undefined }), /costUsd is missing; expected a number from 0/],
    ['a cost that is no number', checkMoveRequest(requestOf(1, { costUsd: NaN })), /costUsd is null; expected a number/],
    ['a request that is none', checkMoveRequest('move it'), /a move request takes one JSON object/],
    ['a batch that is too long', checkBatch({ requests: Array.from({ length: 101 }) }), /expected a list of at most 100 move requests/],
    ['a cancellation of nothing', checkCancel({ reason: 'r' }), /no item is named; expected itemId, instanceId or decisionId/],
    ['a cancellation without a reason', checkCancel({ itemId: 'a' }), /reason is missing/],
    ['a change that changes nothing', checkReprioritize({ itemId: 'a' }), /nothing to change; expected impactMinutes, deadlineAtMs or weight/],
    ['a freeze that ends before it begins', checkFreeze({ fromMs: 5, untilMs: 5, reason: 'r' }, 0), /untilMs is 5; expected a time to come, after fromMs \(5\)/],
    ['a pause that says no why', checkPause({}), /reason is missing/],
    ['an outlook with a typing error', checkOutlooks({ outlooks: [{ instanceId: 'i-00000001', contended: 'yes', impactMinutes: 0, onsetAtMs: null, serviceDisturbed: false }] }), /contended is "yes"; expected true or false/],
    ['a limit that is misspelt', checkPolicy({ maxMovesPerDay: 3 }), /maxMovesPerDay is not a field of the queue policy; known fields: maxConcurrent/],
    ['a budget that is incomplete', checkPolicy({ maxConcurrent: { fleet: 1 } }), /maxConcurrent .*pool is missing/],
    ['a window at no time', checkPolicy({ windows: [{ timeZone: 'UTC', weekdays: [0], from: '25:00', to: '04:00' }] }), /weekdays is \[0\].*from is "25:00"; expected a time such as "22:30"/],
    ['a queue of no fleet', checkQueueInput({ policy: { breakerFailures: 0 } }), /fleet is missing.*breakerFailures is 0; expected a whole number from 1/],
  ])('are refused: %s', (_, problems, sentence) => {
    expect(problems.join('; ')).toMatch(sentence);
  });
});
