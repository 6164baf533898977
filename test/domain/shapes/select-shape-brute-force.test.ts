import fc from 'fast-check';
import type { CatalogueShape } from '../../../src/domain/shapes/catalogue-shape';
import { selectShape } from '../../../src/domain/shapes/select-shape';
import type { ShapeRequest } from '../../../src/domain/shapes/shape-request';
import { randomCatalogue, randomRequest } from './generated-catalogue';

const ROUNDING = 1e-9;

/** Every shape in every allowed count, written down from the definition of the objective and from nothing of the product's code. */
function everyPair(request: ShapeRequest, catalogue: readonly CatalogueShape[]): { name: string; count: number; usd: number; score: number }[] {
  const { demand, tradeoff, minimumCount, maximumCount, targetUtilizationRatio, constraints } = request;
  const feasible: { name: string; count: number; usd: number; performance: number }[] = [];
  for (const shape of catalogue) {
    if (shape.burstable && constraints.burstableAllowed !== true) continue;
    if (constraints.architecture !== undefined && !shape.architectures.includes(constraints.architecture)) continue;
    for (let count = minimumCount; count <= maximumCount; count++) {
      const share = (needed: number | undefined, limit: number): number => (needed === undefined || needed === 0 ? 0 : needed / count / limit);
      const atPeak = Math.max(share(demand.peak.vcpus, shape.vcpus), share(demand.peak.memoryMiB, shape.memoryMiB), share(demand.peak.networkGbps, shape.networkBurstGbps));
      const onAverage = Math.max(
        share(demand.average.vcpus, shape.vcpus * shape.cpuBaselineRatio),
        share(demand.average.memoryMiB, shape.memoryMiB),
        share(demand.average.networkGbps, shape.networkGbps),
      );
      const usd = shape.usdPerHour * count;
      if (Math.max(atPeak, onAverage) > targetUtilizationRatio + ROUNDING) continue;
      if (usd > (constraints.maximumUsdPerHour ?? Infinity) + ROUNDING) continue;
      feasible.push({ name: shape.name, count, usd, performance: (1 - atPeak + 1 - onAverage) / 2 });
    }
  }
  const cheapest = Math.min(...feasible.map(({ usd }) => usd));
  return feasible.map(({ performance, ...pair }) => ({ ...pair, score: tradeoff * performance + (1 - tradeoff) * (pair.usd === 0 ? 1 : cheapest / pair.usd) }));
}

test('no shape in any count scores higher than the chosen one, and of equal scores it is the cheapest', () => {
  fc.assert(
    fc.property(randomRequest, randomCatalogue, (request, catalogue) => {
      const pairs = everyPair(request, catalogue);
      const { chosen } = selectShape(request, catalogue);
      if (pairs.length === 0) {
        expect(chosen).toBeNull();
        return;
      }
      const best = Math.max(...pairs.map(({ score }) => score));
      expect(chosen?.score).toBeGreaterThanOrEqual(best - ROUNDING);
      const own = pairs.find(({ name, count }) => name === chosen?.shape.name && count === chosen.count);
      expect(Math.abs((own?.score ?? 2) - (chosen?.score ?? -2))).toBeLessThan(ROUNDING);
      const asGood = pairs.filter(({ score }) => score >= (chosen?.score ?? 0) + ROUNDING);
      expect(asGood).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test('every score, performance and price is a number in its range, and the ranking falls', () => {
  fc.assert(
    fc.property(randomRequest, randomCatalogue, (request, catalogue) => {
      const { ranking, refused } = selectShape(request, catalogue);
      for (const { score, performance, usdPerHour, usdTotal } of ranking) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1 + ROUNDING);
        expect(performance).toBeGreaterThanOrEqual(0);
        expect(performance).toBeLessThanOrEqual(1);
        expect(usdTotal).toBeCloseTo((usdPerHour * request.durationMs) / 3_600_000, 9);
      }
      ranking.slice(1).forEach(({ score }, i) => expect(score).toBeLessThanOrEqual((ranking[i]?.score ?? 0) + ROUNDING));
      expect(Math.min(20, catalogue.length - refused.reduce((sum, { count }) => sum + count, 0))).toBe(ranking.length);
    }),
  );
});

test('the order of the catalogue does not matter', () => {
  fc.assert(
    fc.property(randomRequest, randomCatalogue, (request, catalogue) => {
      expect(selectShape(request, catalogue.toReversed()).ranking).toEqual(selectShape(request, catalogue).ranking);
    }),
  );
});
