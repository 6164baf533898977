import fc from 'fast-check';
import { carriedRatio, nextPlace, placeKey, type CapacityOption, type Place, type PlaceSearch } from '../../../src/domain/capacity/next-place';
import { replacementSearch } from '../../../src/domain/capacity/replacement-search';

const option = (shape: string, count: number, usdPerHour: number, vcpus = 2): CapacityOption => ({ shape, count, usdPerHour, spotUsdPerHour: null, vcpus, memoryMiB: vcpus * 4096, why: '' });
const zone = (name: string, ...offeredShapes: string[]) => ({ zone: name, subnetId: `subnet-${name}`, offeredShapes });

const SEARCH: PlaceSearch = {
  options: [option('large', 2, 0.1), option('xlarge', 1, 0.2, 4)],
  zones: [zone('a', 'large', 'xlarge'), zone('b', 'large', 'xlarge')],
  held: [],
  othersByZone: {},
  exhausted: new Set(),
  maximum: 10,
  maximumUsdPerHour: Infinity,
};

/** Takes place after place, of which the refused ones have no room. */
function takeAll(search: PlaceSearch, refused: (place: Place) => boolean): Place[] {
  const held: Place[] = [];
  const exhausted = new Set<string>();
  for (let place = nextPlace({ ...search, held, exhausted }); place !== null; place = nextPlace({ ...search, held, exhausted })) {
    if (refused(place)) exhausted.add(placeKey(place.shape, place.zone));
    else held.push(place);
  }
  return held;
}

describe('where to put the next instance', () => {
  it('spreads over the zones, beginning where fewest of the service are', () => {
    expect(takeAll(SEARCH, () => false).map((place) => place.zone)).toEqual(['a', 'b']);
    expect(takeAll({ ...SEARCH, othersByZone: { a: 2 } }, () => false).map((place) => place.zone)).toEqual(['b', 'b']);
  });

  it('tries the best shape in every zone before the next one, which fills up what is missing', () => {
    const places = takeAll(SEARCH, ({ shape, zone: where }) => shape === 'large' && where === 'b');
    expect(places.map((place) => placeKey(place.shape, place.zone))).toEqual(['large in a', 'large in a']);
    let larges = 0;
    const mixed = takeAll(SEARCH, ({ shape }) => shape === 'large' && (larges += 1) > 1);
    expect(mixed.map(({ shape }) => shape)).toEqual(['large', 'xlarge']);
  });

  it('puts zones to avoid last, and still uses them where there is no other', () => {
    expect(takeAll({ ...SEARCH, avoidZones: new Set(['a']) }, () => false).map((place) => place.zone)).toEqual(['b', 'b']);
    expect(takeAll({ ...SEARCH, avoidZones: new Set(['a']) }, ({ zone: where }) => where === 'b').map((place) => place.zone)).toEqual(['a', 'a']);
  });

  it('ends within budget and maximum, with no more than the demand needs, whatever is refused', () => {
    const shapes = ['s', 'm', 'l'];
    fc.assert(
      fc.property(
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 6 }), usd: fc.integer({ min: 1, max: 20 }) }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 60 }),
        fc.func(fc.boolean()),
        (sizes, maximum, budget, refused) => {
          const options = sizes.map(({ count, usd }, i) => option(shapes[i] as string, count, usd));
          const held = takeAll({ ...SEARCH, options, zones: [zone('a', ...shapes), zone('b', ...shapes)], maximum, maximumUsdPerHour: budget }, (place) => refused(placeKey(place.shape, place.zone)));
          expect(held.length).toBeLessThanOrEqual(maximum);
          expect(held.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0)).toBeLessThanOrEqual(budget + 1e-6);
          expect(carriedRatio(options, held.slice(0, -1))).toBeLessThan(1);
        },
      ),
    );
  });
});

describe('the search for replacements', () => {
  it('is one for one, never smaller than what was chosen, last where the lost ones were', () => {
    const plan = { options: [option('large', 3, 0.1), option('medium', 6, 0.05, 1), option('xlarge', 2, 0.2, 4)], zones: SEARCH.zones, maximumUsdPerHour: 1 };
    const search = replacementSearch({ plan, serving: [{ zone: 'b', usdPerHour: 0.1 }], missing: 2, avoidZones: ['a'] });
    expect(search).toMatchObject({ options: [{ shape: 'large', count: 2 }, { shape: 'xlarge', count: 2 }], maximum: 2, othersByZone: { b: 1 }, maximumUsdPerHour: 0.9 });
    expect([...(search.avoidZones ?? [])]).toEqual(['a']);
  });
});
