import fc from 'fast-check';
import { MIGRATION_PHASES } from '../../../src/domain/migration-phase';
import { assessMove, type MoveSight, type SideSight } from '../../../src/domain/recovery/assess-move';
import type { Listing } from '../../../src/domain/recovery/owned-resource';
import { SYNC_STRATEGIES, isHandedOver } from '../../../src/domain/sync-strategy';

const listing = fc.record<Listing>({ targetGroupArn: fc.constantFrom('arn:pool', 'arn:own'), state: fc.constantFrom('healthy', 'unhealthy', 'draining', 'initial', 'unused'), weight: fc.nat(2), owner: fc.constantFrom(null, 'migration/i-1') });
const side = (instanceId: string): fc.Arbitrary<SideSight> =>
  fc.record({ instanceId: fc.constant(instanceId), state: fc.constantFrom('running', 'stopped', 'terminated'), passesChecks: fc.boolean(), listings: fc.array(listing, { maxLength: 2 }) });
const anySight: fc.Arbitrary<MoveSight> = fc.record({
  source: side('i-1'),
  shadow: fc.option(fc.tuple(side('i-2'), fc.boolean()).map(([one, isAdopted]) => ({ ...one, isAdopted }))),
  otherShadows: fc.constantFrom([], ['i-3']),
  behindBalancer: fc.boolean(),
  phase: fc.constantFrom(null, 'rollback', ...MIGRATION_PHASES),
  reached: fc.constantFrom(null, ...MIGRATION_PHASES),
  changedRoutes: fc.constantFrom([], ['listener x was changed']),
  sync: fc.constantFrom(...SYNC_STRATEGIES),
  stateIn: fc.constantFrom('source', 'onItsWay', 'shadow'),
  otherRegion: fc.constantFrom(null, 'us-west-2'),
  left: fc.constantFrom([], ['image ami-1']),
});

const FINE: MoveSight = {
  source: { instanceId: 'i-1', state: 'running', passesChecks: true, listings: [{ targetGroupArn: 'arn:own', state: 'healthy', weight: 5, owner: 'migration/i-1' }] },
  shadow: { instanceId: 'i-2', state: 'running', passesChecks: true, isAdopted: false, listings: [{ targetGroupArn: 'arn:own-2', state: 'healthy', weight: 5, owner: 'migration/i-1' }] },
  otherShadows: [],
  behindBalancer: true,
  phase: 'ramp',
  reached: 'ramp',
  changedRoutes: [],
  sync: 'image',
  stateIn: 'source',
  otherRegion: null,
  left: ['image ami-1'],
};

describe('a move that ended half way', () => {
  it('goes back while the source can serve, and on once it was drained', () => {
    expect(assessMove(FINE)).toMatchObject({ world: 'bothServe', proposal: 'rollBack', refusals: { rollBack: null, continue: null, adopt: null } });
    const drained: MoveSight = { ...FINE, phase: 'drain', reached: 'drain', source: { ...FINE.source, listings: [] } };
    expect(assessMove(drained)).toMatchObject({ world: 'shadowServes', proposal: 'continue' });
  });

  it.each<[string, Partial<MoveSight>, RegExp]>([
    ['the source is stopped', { source: { ...FINE.source, state: 'stopped' } }, /source i-1 is stopped/],
    ['the source fails its checks', { source: { ...FINE.source, passesChecks: false } }, /checks of the source/],
    ['the balancer finds the source unhealthy', { source: { ...FINE.source, listings: [{ targetGroupArn: 'a', state: 'unhealthy', weight: 0, owner: null }] } }, /fails its health check/],
    ['somebody changed the routes', { changedRoutes: ['listener x was changed'] }, /was changed/],
    ['there are two shadows', { otherShadows: ['i-3'] }, /i-3/],
  ])('does not go back where %s', (_, change, why) => {
    expect(assessMove({ ...FINE, ...change }).refusals.rollBack).toMatch(why);
  });

  it.each<[string, Partial<MoveSight>, RegExp]>([
    ['its shadow was never verified', { phase: 'sync', reached: 'sync' }, /never verified/],
    ['it was going back', { phase: 'rollback', reached: 'bake' }, /going back for a reason/],
    ['its state is not known to be there', { sync: 'replicate', stateIn: 'onItsWay' }, /state of the service/],
    ['its shadow is unhealthy', { shadow: { instanceId: 'i-2', state: 'running', passesChecks: true, isAdopted: false, listings: [{ targetGroupArn: 'a', state: 'unhealthy', weight: 1, owner: null }] } }, /fails its health check/],
  ])('does not go on where %s', (_, change, why) => {
    expect(assessMove({ ...FINE, ...change }).refusals.continue).toMatch(why);
  });

  it('whatever is found, no way that is called safe sends requests to what cannot take them, and only a safe way is proposed', () => {
    fc.assert(
      fc.property(anySight, (sight) => {
        const { refusals, proposal, world } = assessMove(sight);
        if (proposal !== null) expect(refusals[proposal]).toBeNull();
        if (world === 'nothingLeft') expect(proposal).toBeNull();
        const isWell = ({ state, passesChecks, listings }: SideSight): boolean => state === 'running' && passesChecks && listings.every((one) => one.state !== 'unhealthy');
        if (refusals.rollBack === null) expect(isWell(sight.source)).toBe(true);
        for (const way of ['continue', 'adopt'] as const) if (refusals[way] === null) expect(sight.shadow !== null && isWell(sight.shadow)).toBe(true);
        if (refusals.continue === null && sight.source.state !== 'terminated' && isHandedOver(sight.sync)) expect(sight.stateIn).toBe('shadow');
        if (sight.changedRoutes.length + sight.otherShadows.length > 0 || sight.otherRegion !== null) expect(Object.values(refusals)).not.toContain(null);
      }),
      { numRuns: 1_000 },
    );
  });
});
