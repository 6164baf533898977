import fc from 'fast-check';
import type { OwnedCapacity } from '../../src/domain/owned-capacity';
import type { Shape } from '../../src/domain/shape';
import { planTargetLadder } from '../../src/domain/target-ladder';
import type { LadderInput } from '../../src/domain/target-ladder';

const shape = (name: string, vcpus: number, usdPerHour: number, over: Partial<Shape> = {}): Shape => ({
  name,
  family: name.split('.')[0] ?? name,
  vcpus,
  memoryMiB: vcpus * 4096,
  networkGbps: 10,
  architecture: 'x86_64',
  usdPerHour,
  ...over,
});
const SHAPES = [
  shape('m7i.2xlarge', 8, 0.4),
  shape('m7i.xlarge', 4, 0.2),
  shape('m7i.large', 2, 0.1),
  shape('m6i.xlarge', 4, 0.15),
  shape('c7i.xlarge', 4, 0.17),
  shape('m7g.xlarge', 4, 0.1, { architecture: 'arm64' }),
  shape('m7i.48xlarge', 192, 10),
];
const zone = (name: string, offeredShapes = SHAPES.map((each) => each.name)) => ({ zone: name, subnetId: `subnet-${name}`, offeredShapes });
const input = (over: Partial<LadderInput> = {}): LadderInput => ({
  sourceZone: 'b',
  sourceShape: shape('m7i.large', 2, 0.1),
  shapes: SHAPES,
  zones: [zone('a'), zone('b'), zone('c')],
  owned: [],
  onHost: false,
  peakCpuPercent: 90,
  peakMemoryPercent: 50,
  targetUtilizationPercent: 70,
  maxRungs: 20,
  ...over,
});
const places = (over: Partial<LadderInput> = {}): string[] => planTargetLadder(input(over)).map((rung) => `${rung.shape} in ${rung.zone}`);

describe('the ladder of places to try', () => {
  it('begins with the cheapest fitting shape of the family in the source\'s own zone, then the other zones, then the next shapes', () => {
    expect(places()).toEqual([
      ...['m7i.xlarge in b', 'm7i.xlarge in a', 'm7i.xlarge in c'],
      ...['m7i.2xlarge in b', 'm7i.2xlarge in a', 'm7i.2xlarge in c'],
      ...['m6i.xlarge in b', 'm6i.xlarge in a', 'm6i.xlarge in c'],
    ]);
  });

  it('leaves out what is too small for the memory, too', () => {
    expect(places({ peakCpuPercent: 10, peakMemoryPercent: 150 })[0]).toBe('m7i.2xlarge in b');
  });

  it('takes zones and shapes in the order that was asked for, and no others', () => {
    expect(places({ allowedZones: ['c', 'a'], allowedShapes: ['m6i.xlarge', 'm7i.xlarge'] })).toEqual(['m6i.xlarge in c', 'm6i.xlarge in a', 'm7i.xlarge in c', 'm7i.xlarge in a']);
  });

  it('takes a shape of another class only when it is asked for, and one of another architecture never', () => {
    expect(places().some((place) => place.startsWith('c7i'))).toBe(false);
    expect(places({ allowedShapes: ['c7i.xlarge', 'm7g.xlarge'], allowedZones: ['a'] })).toEqual(['c7i.xlarge in a']);
  });

  it('leaves out a zone that does not offer the shape', () => {
    expect(places({ zones: [zone('a', ['m7i.xlarge']), zone('b', [])] })).toEqual(['m7i.xlarge in a']);
  });

  it('is empty when nothing fits or nothing is allowed', () => {
    expect(places({ peakCpuPercent: 100_000 })).toEqual([]);
    expect(places({ allowedZones: ['z'] })).toEqual([]);
  });

  it('never holds a rung that would run above the target, and never more rungs than allowed', () => {
    const peak = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(peak, peak, fc.integer({ min: 10, max: 100 }), fc.integer({ min: 1, max: 8 }), (peakCpuPercent, peakMemoryPercent, targetUtilizationPercent, maxRungs) => {
        const rungs = planTargetLadder(input({ peakCpuPercent, peakMemoryPercent, targetUtilizationPercent, maxRungs }));
        expect(rungs.length).toBeLessThanOrEqual(maxRungs);
        expect(new Set(rungs.map((rung) => `${rung.shape} ${rung.zone}`)).size).toBe(rungs.length);
        for (const rung of rungs) {
          const chosen = SHAPES.find(({ name }) => name === rung.shape);
          expect((peakCpuPercent * 2) / (chosen?.vcpus ?? 0)).toBeLessThanOrEqual(targetUtilizationPercent + 1e-9);
          expect((peakMemoryPercent * 2 * 4096) / (chosen?.memoryMiB ?? 0)).toBeLessThanOrEqual(targetUtilizationPercent + 1e-9);
        }
      }),
    );
  });

  it('leaves what is on a dedicated host on dedicated hosts: the fullest that take it first, never shared hardware', () => {
    const host = (capacityId: string, freeVcpus: number, over: Partial<OwnedCapacity> = {}): OwnedCapacity => ({ kind: 'host', capacityId, zone: 'a', fleet: 'shop', totalVcpus: 48, freeVcpus, shapes: ['m7i.large', 'm7i.xlarge'], ...over });
    const owned = [host('h-roomy', 40), host('h-tight', 4), host('h-full', 2), host('h-other', 40, { shapes: ['c7i.xlarge'] }), host('cr-1', 4, { kind: 'reservation' })];
    const into = (over: Partial<LadderInput>) => planTargetLadder(input({ owned, ...over })).map((rung) => [rung.shape, rung.into?.capacityId]);
    expect(into({ onHost: true })).toEqual([['m7i.xlarge', 'h-tight'], ['m7i.xlarge', 'h-roomy']]);
    expect(into({ onHost: true, owned: [] })).toEqual([]);
    expect(into({ into: 'cr-1' })).toEqual([['m7i.xlarge', 'cr-1']]);
    expect(into({ into: 'h-gone' })).toEqual([]);
    expect(into({}).every(([, capacityId]) => capacityId === undefined)).toBe(true);
  });
});
