import fc from 'fast-check';
import { describeHindsight, hindsightOf } from '../../src/domain/hindsight';
import type { HindsightFacts } from '../../src/domain/hindsight';

const LARGE = { name: 'm7i.large', vcpus: 2, memoryMiB: 8_192 };
const XLARGE = { name: 'm7i.xlarge', vcpus: 4, memoryMiB: 16_384 };
const FACTS: HindsightFacts = { metric: 'cpuPercent', limit: 85, peakMedian: 87, peakP90: 92, contended: true, from: LARGE, carrier: XLARGE, actual: [40, 45, 44, 30], stepMs: 300_000 };

describe('Afterwards, a move', () => {
  it('is told what its load would have been on the shape that it left', () => {
    const hindsight = hindsightOf(FACTS);
    expect(hindsight).toEqual({ verdict: 'contention', actualPeak: 45, peakOnSource: 90, overloadMinutes: 10, p90Held: true, seenRatio: 1 });
    expect(hindsight && describeHindsight(hindsight, FACTS)).toBe('it would have run out, as forecast: cpuPercent came to 45.0 % on m7i.xlarge, 90.0 % of a m7i.large, forecast were 87.0 % (0.9 quantile 92.0 %); 10 min above the limit of 85.0 %');
  });

  it.each<[string, Partial<HindsightFacts>]>([
    ['falseAlarm', { actual: [20, 30, 25, null] }],
    ['missed', { contended: false }],
    ['quiet', { contended: false, actual: [20, 30, 25, 10] }],
    ['contention', { carrier: LARGE, actual: [86, 50, null, null] }],
  ])('is a case of %s', (verdict, more) => {
    expect(hindsightOf({ ...FACTS, ...more })?.verdict).toBe(verdict);
  });

  it('is told nothing of where too little was seen', () => {
    expect(hindsightOf({ ...FACTS, actual: [] })).toBeNull();
    expect(hindsightOf({ ...FACTS, actual: [50, null, null] })).toBeNull();
  });

  it('passes the limit exactly where some step of the load does, on whichever shape carried it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 }), fc.boolean(), fc.constantFrom(LARGE, XLARGE), (actual, contended, carrier) => {
        const hindsight = hindsightOf({ ...FACTS, actual, contended, carrier });
        const passed = actual.some((value) => (value * carrier.vcpus) / 2 > 85);
        expect(hindsight?.verdict).toBe(passed ? (contended ? 'contention' : 'missed') : contended ? 'falseAlarm' : 'quiet');
        expect((hindsight?.overloadMinutes ?? 0) > 0).toBe(passed);
      }),
    );
  });
});
