import { changedRoutes } from '../../../src/domain/recovery/changed-routes';
import { describeDrift, findDrift, type Intent, type RealState } from '../../../src/domain/recovery/find-drift';

const OWNER = { workflowId: 'migration/i-1', runId: 'r1' };
const group = (role: 'source' | 'shadow', owner: string | null = OWNER.workflowId) => ({ targetGroupArn: `arn:tg/${role}/1`, name: role, loadBalancerArn: 'arn:lb', owner, runId: owner === null ? null : 'r1', role, members: [] });
const real = (source: number, shadow: number, more: Partial<RealState> = {}): RealState => ({
  traffic: { groups: [group('source'), group('shadow')], routes: [{ kind: 'listener', arn: 'arn:l', owner: null, runId: null, role: null, forward: [{ targetGroupArn: 'arn:tg/source/1', weight: source }, { targetGroupArn: 'arn:tg/shadow/1', weight: shadow }] }] },
  reservations: { 'cr-1': 'active' },
  instances: { 'i-2': 'running' },
  ended: [],
  ...more,
});
const move = (more: Partial<Extract<Intent, { kind: 'move' }>> = {}): Intent => ({ kind: 'move', ...OWNER, phase: 'ramp', shadowPercent: 25, shadowId: 'i-2', reservationId: 'cr-1', ...more });
const sentences = (intents: readonly Intent[], found: RealState): string[] => findDrift(intents, found).map(describeDrift);

describe('drift', () => {
  it('is nothing where weights, reservation and shadow are as the move says, roundings apart', () => {
    expect(sentences([move()], real(500, 166))).toEqual([]);
    expect(sentences([move({ shadowPercent: 0 })], real(0, 0))).toEqual([]);
    expect(sentences([move({ phase: 'drain', shadowPercent: 100 })], real(0, 0))).toEqual([]);
  });

  it.each<[string, Intent, RealState, string]>([
    ['weights that somebody changed', move(), real(500, 500), "migration/i-1: the shadow's part of the source's traffic is to be 25 %, and is 50.0 % (weights 500 and 500)"],
    ['weights that are gone', move(), real(0, 0), "migration/i-1: the shadow's part of the source's traffic is to be 25 %, and is none: neither group has a weight"],
    ['a reservation that was cancelled', move({ phase: 'sync', shadowPercent: 0 }), real(0, 0, { reservations: { 'cr-1': 'cancelled' } }), 'migration/i-1: capacity reservation cr-1 is to be active, and is cancelled'],
    ['a shadow that was ended', move({ phase: 'sync', shadowPercent: 0 }), real(0, 0, { instances: {} }), 'migration/i-1: shadow i-2 is to be running, and is gone'],
    ['a hold whose capacity is gone', { kind: 'hold', workflowId: 'capacity/web/w', runId: 'r', reservationIds: ['cr-9'] }, real(0, 0), 'capacity/web/w: capacity reservation cr-9 is to be active, and is gone'],
    ['a replica that stands', { kind: 'replicas', workflowId: 'replicas/q', runId: 'r', instanceIds: ['i-7'] }, real(0, 0, { instances: { 'i-7': 'stopped' } }), 'replicas/q: replica i-7 is to be running, and is stopped'],
  ])('is told with both values: %s', (_, intent, found, sentence) => {
    expect(sentences([intent], found)).toEqual([sentence]);
  });

  it('is a weight that a workflow left behind', () => {
    expect(sentences([], real(500, 166, { ended: [OWNER.workflowId] }))).toEqual([
      'migration/i-1: target group source is to be without weight, since its workflow ended, and is weighed 500',
      'migration/i-1: target group shadow is to be without weight, since its workflow ended, and is weighed 166',
    ]);
  });
});

describe('routes that a move took over', () => {
  const before = [{ kind: 'listener' as const, arn: 'arn:l', forward: [{ targetGroupArn: 'arn:tg/pool/1', weight: 9 }, { targetGroupArn: 'arn:tg/other/1', weight: 1 }] }];
  const now = (...forward: [string, number][]) => ({ routes: [{ kind: 'listener' as const, arn: 'arn:l', owner: null, runId: null, role: null, forward: forward.map(([name, weight]) => ({ targetGroupArn: `arn:tg/${name}/1`, weight })) }] });
  const own = ['arn:tg/source/1', 'arn:tg/shadow/1'];

  it.each<[string, ReturnType<typeof now>, boolean]>([
    ['as they were', now(['pool', 9], ['other', 1]), true],
    ['with its groups at weight 0', now(['pool', 9], ['other', 1], ['source', 0], ['shadow', 0]), true],
    ['with its groups weighed, and the others scaled', now(['pool', 600], ['other', 100], ['source', 200], ['shadow', 100]), true],
    ['without another group of the operator', now(['pool', 9], ['source', 0], ['shadow', 0]), false],
    ['with another weight of the operator', now(['pool', 8], ['other', 2], ['source', 0], ['shadow', 0]), false],
    ['with a group more', now(['pool', 600], ['other', 100], ['new', 1], ['source', 200], ['shadow', 100]), false],
    ['gone', { routes: [] }, false],
  ])('are told where they are %s', (_, found, isSame) => {
    expect(changedRoutes(before, found, own)).toHaveLength(isSame ? 0 : 1);
  });
});
