import fc from 'fast-check';
import { ownerStateOf, type OwnerState } from '../../../src/domain/recovery/owner-state';
import { runKey, type Listing, type OwnedResource } from '../../../src/domain/recovery/owned-resource';
import { planReap, type MovedSight, type ReapSnapshot } from '../../../src/domain/recovery/plan-reap';

const OWNER = 'migration/i-source';
const MINUTE_MS = 60_000;
const NOW_MS = 1_000 * MINUTE_MS;
const POLICY = { graceMs: 30 * MINUTE_MS };
const ENDED: OwnerState = { kind: 'ended', how: 'terminated', atMs: NOW_MS - 60 * MINUTE_MS, asksOperator: false, isStateUnderWay: false };
const SERVES: MovedSight = { state: 'running', serves: true };

const tags = { owner: OWNER, runId: 'r1', role: 'shadow', state: 'running', createdAtMs: NOW_MS - 70 * MINUTE_MS };
const shadow = (more: Partial<Extract<OwnedResource, { kind: 'instance' }>> = {}): OwnedResource => ({ kind: 'instance', id: 'i-shadow', ...tags, listings: [], reservationId: 'cr-1', ...more });
const group = (weight: number): OwnedResource => ({ kind: 'targetGroup', id: 'arn:x/fs-shadow/1', ...tags, weight });
const reservation = (used: number): OwnedResource => ({ kind: 'reservation', id: 'cr-1', ...tags, used, isCommitted: false });
const image: OwnedResource = { kind: 'image', id: 'ami-1', ...tags };
const snapshot: OwnedResource = { kind: 'snapshot', id: 'snap-1', ...tags };

function verdicts(resources: readonly OwnedResource[], owner: OwnerState = ENDED, source: MovedSight = SERVES): Record<string, string> {
  const snapshotOfAll: ReapSnapshot = { resources, owners: Object.fromEntries(resources.map((one) => [runKey(one), owner])), moved: { [OWNER]: source } };
  return Object.fromEntries(planReap(snapshotOfAll, NOW_MS, POLICY).map(({ resource: { id }, verdict }) => [id, verdict]));
}

describe('what is taken away of a move that was ended from outside', () => {
  it('is everything, where the source serves in its own group and nothing of the run does', () => {
    const all = [reservation(1), snapshot, image, shadow(), group(0)];
    const plan = planReap({ resources: all, owners: { [`${OWNER} r1`]: ENDED }, moved: { [OWNER]: SERVES } }, NOW_MS, POLICY);
    expect(plan.map(({ resource: { kind }, verdict }) => `${kind} ${verdict}`)).toEqual(['targetGroup reap', 'instance reap', 'image reap', 'snapshot reap', 'reservation reap']);
  });

  const allOperator = { 'i-shadow': 'needsOperator', 'ami-1': 'needsOperator', 'arn:x/fs-shadow/1': 'needsOperator', 'cr-1': 'needsOperator' };
  it.each<[string, readonly OwnedResource[], OwnerState, MovedSight]>([
    ['the shadow gets traffic', [shadow({ listings: [{ targetGroupArn: 'arn:x/fs-shadow/1', state: 'healthy', weight: 5, owner: OWNER }] }), image, group(5), reservation(1)], ENDED, SERVES],
    ['the shadow stands in a group of an operator, whatever its weight', [shadow({ listings: [{ targetGroupArn: 'arn:x/pool/1', state: 'draining', weight: 0, owner: null }] }), image, group(0), reservation(1)], ENDED, SERVES],
    ['the source is gone', [shadow(), image, group(0), reservation(1)], ENDED, { state: 'terminated', serves: false }],
    ['the source was drained', [shadow(), image, group(0), reservation(1)], ENDED, { state: 'running', serves: false }],
    ['the state was on its way to the shadow', [shadow(), image, group(0), reservation(1)], { ...ENDED, isStateUnderWay: true }, SERVES],
    ['the reservation holds an instance that is not of the run', [shadow({ reservationId: null }), image, group(0), reservation(1)], ENDED, SERVES],
    ['its workflow asked an operator', [shadow(), image, group(0), reservation(1)], { ...ENDED, how: 'NeedsOperator', asksOperator: true }, SERVES],
  ])('is nothing, and an operator is asked, where %s', (_, resources, owner, source) => {
    expect(verdicts(resources, owner, source)).toEqual(allOperator);
  });

  it('is nothing within the grace, which begins with the newest thing of the run', () => {
    expect(verdicts([shadow(), image], { ...ENDED, atMs: NOW_MS - 29 * MINUTE_MS })).toEqual({ 'i-shadow': 'keep', 'ami-1': 'keep' });
    expect(verdicts([shadow(), { ...image, createdAtMs: NOW_MS - MINUTE_MS }])).toEqual({ 'i-shadow': 'keep', 'ami-1': 'keep' });
  });
});

describe('whether the owner of a resource has ended', () => {
  const record = { outcome: null, lastAtMs: 5, isStateUnderWay: false };
  it.each<[string, Parameters<typeof ownerStateOf>, OwnerState['kind']]>([
    ['Temporal has it open', [{ kind: 'open' }, { ...record, outcome: 'Completed' }, true], 'running'],
    ['Temporal has it closed', [{ kind: 'closed', status: 'TERMINATED', atMs: 5, lastRunId: 'r' }, record, false], 'ended'],
    ['Temporal forgot it, and the audit tells how it ended', [{ kind: 'unknown' }, { ...record, outcome: 'Completed' }, false], 'ended'],
    ['Temporal forgot it, and the audit does not tell', [{ kind: 'unknown' }, record, false], 'unknown'],
    ['nobody knows it', [{ kind: 'unknown' }, null, false], 'unknown'],
    ['nobody knows it, and an operator says that it is gone', [{ kind: 'unknown' }, null, true], 'ended'],
  ])('%s', (_, args, expected) => {
    expect(ownerStateOf(...args).kind).toBe(expected);
  });
});

describe('whatever is found', () => {
  const owners = ['migration/i-a', 'migration/i-b', 'replicas/q', 'capacity/web/w', 'routing/web'];
  const listing = fc.record<Listing>({ targetGroupArn: fc.constantFrom('arn:x/g1/1', 'arn:x/g2/1'), state: fc.constantFrom('healthy', 'draining', 'unused'), weight: fc.nat(2), owner: fc.constantFrom(null, ...owners) });
  const common = { owner: fc.constantFrom(...owners), runId: fc.constantFrom('r1', 'r2'), role: fc.constantFrom('shadow', 'replica', 'held', ''), state: fc.constant('x'), createdAtMs: fc.option(fc.integer({ min: 0, max: NOW_MS })) };
  const id = fc.uuid();
  const resource: fc.Arbitrary<OwnedResource> = fc.oneof(
    fc.record({ kind: fc.constant('instance' as const), id, ...common, listings: fc.array(listing, { maxLength: 2 }), reservationId: fc.constantFrom(null, 'cr-1') }),
    fc.record({ kind: fc.constant('reservation' as const), id: fc.constantFrom('cr-1', 'cr-2'), ...common, used: fc.nat(2), isCommitted: fc.boolean() }),
    fc.record({ kind: fc.constant('image' as const), id, ...common }),
    fc.record({ kind: fc.constant('snapshot' as const), id, ...common }),
    fc.record({ kind: fc.constant('volume' as const), id, ...common, attachedTo: fc.constantFrom(null, 'i-stranger') }),
    fc.record({ kind: fc.constant('targetGroup' as const), id, ...common, weight: fc.nat(2) }),
    fc.record({ kind: fc.constant('rule' as const), id, ...common, weight: fc.nat(2) }),
  );
  const ownerState: fc.Arbitrary<OwnerState> = fc.oneof(
    fc.constant({ kind: 'running' as const }),
    fc.constant({ kind: 'unknown' as const, why: 'x' }),
    fc.record({ kind: fc.constant('ended' as const), how: fc.constant('x'), atMs: fc.integer({ min: 0, max: NOW_MS }), asksOperator: fc.boolean(), isStateUnderWay: fc.boolean() }),
  );
  const moved = fc.record<MovedSight>({ state: fc.constantFrom('running', 'stopped', 'terminated'), serves: fc.boolean() });
  const world = fc.array(resource, { maxLength: 12 }).chain((resources) =>
    fc.record({ resources: fc.constant(resources), states: fc.array(ownerState, { minLength: 12, maxLength: 12 }), a: moved, b: moved }).map(({ states, a, b }): ReapSnapshot => ({
      resources,
      owners: Object.fromEntries(resources.map((one, i) => [runKey(one), states[i] ?? { kind: 'running' }])),
      moved: { 'migration/i-a': a, 'migration/i-b': b },
    })),
  );

  it('nothing that serves is taken away, nor what may be the only one, nor what a workflow still works with', () => {
    fc.assert(
      fc.property(world, (snapshotOfAll) => {
        const plan = planReap(snapshotOfAll, NOW_MS, POLICY);
        expect(plan).toHaveLength(snapshotOfAll.resources.length);
        for (const { resource: one } of plan.filter(({ verdict }) => verdict === 'reap')) {
          const owner = snapshotOfAll.owners[runKey(one)];
          expect(owner).toMatchObject({ kind: 'ended', asksOperator: false });
          expect(owner?.kind === 'ended' && owner.atMs <= NOW_MS - POLICY.graceMs && (one.createdAtMs ?? 0) <= NOW_MS - POLICY.graceMs).toBe(true);
          if ('weight' in one) expect(one.weight).toBe(0);
          if (one.kind === 'reservation') expect(one.isCommitted).toBe(false);
          if (one.kind === 'volume') expect(one.attachedTo).toBeNull();
          if (one.kind !== 'instance') continue;
          expect(one.listings.filter(({ weight, owner: of }) => weight > 0 || of !== one.owner)).toEqual([]);
          expect(one.role).toMatch(/shadow|replica/);
          const source = snapshotOfAll.moved[one.owner];
          if (source === undefined) continue;
          expect(source.state).toBe('running');
          expect(owner).toMatchObject({ isStateUnderWay: false });
          const wasBehindBalancer = plan.some(({ resource: other }) => runKey(other) === runKey(one) && (other.kind === 'targetGroup' || other.kind === 'rule'));
          if (wasBehindBalancer) expect(source.serves).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('a run that moves or routes requests is taken away whole or not at all, and what is left has a reason', () => {
    fc.assert(
      fc.property(world, (snapshotOfAll) => {
        const plan = planReap(snapshotOfAll, NOW_MS, POLICY);
        for (const { why } of plan) expect(why.length).toBeGreaterThan(0);
        const wholeRuns = new Set(snapshotOfAll.resources.filter(({ kind, owner }) => owner in snapshotOfAll.moved || kind === 'rule' || kind === 'targetGroup').map(runKey));
        for (const key of wholeRuns) expect(new Set(plan.filter(({ resource: one }) => runKey(one) === key).map(({ verdict }) => verdict)).size).toBe(1);
      }),
      { numRuns: 400 },
    );
  });
});
