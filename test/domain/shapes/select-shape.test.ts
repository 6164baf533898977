import { selectShape } from '../../../src/domain/shapes/select-shape';
import { requestOf, shapeOf } from './generated-catalogue';

const LARGE = shapeOf('m7i.large', { vcpus: 2, usdPerHour: 0.1 });
const XLARGE = shapeOf('m7i.xlarge', { vcpus: 4, usdPerHour: 0.2 });
const demandOf = (vcpus: number, memoryMiB = 1024) => ({ peak: { vcpus, memoryMiB }, average: { vcpus: vcpus / 2, memoryMiB } });

test('three of a small shape are taken where they cost less than one that is large enough', () => {
  const dear = { ...XLARGE, vcpus: 8, memoryMiB: 32_768, usdPerHour: 0.4 };
  const { chosen } = selectShape(requestOf({ demand: demandOf(4.5) }), [LARGE, dear]);
  expect(chosen).toMatchObject({ shape: { name: 'm7i.large' }, count: 3 });
  expect(chosen?.usdPerHour).toBeCloseTo(0.3);
});

test('one large shape is taken where three small ones are not allowed', () => {
  const dear = { ...XLARGE, vcpus: 8, memoryMiB: 32_768, usdPerHour: 0.4 };
  const { chosen, refused } = selectShape(requestOf({ demand: demandOf(4.5), maximumCount: 2 }), [LARGE, dear]);
  expect(chosen).toMatchObject({ shape: { name: 'm7i.xlarge' }, count: 1 });
  expect(refused).toEqual([{ reason: 'too small: 2 of it lack CPU at the peak', count: 1, examples: ['m7i.large'] }]);
});

test('performance alone takes as much as is allowed, cost alone the cheapest that fits', () => {
  expect(selectShape(requestOf({ tradeoff: 1 }), [LARGE, XLARGE]).chosen).toMatchObject({ shape: { name: 'm7i.xlarge' }, count: 4, performance: 1 - (4096 / 16_384 / 4 + 2 / 4 / 4) / 2 });
  expect(selectShape(requestOf({ tradeoff: 0, demand: demandOf(1.5) }), [LARGE, XLARGE]).chosen).toMatchObject({ shape: { name: 'm7i.large' }, count: 1, score: 1 });
});

test('of equal scores the lower price wins, then fewer instances, then the current generation, then the name', () => {
  const zero = { peak: { vcpus: 0, memoryMiB: 0 }, average: { vcpus: 0, memoryMiB: 0 } };
  expect(selectShape(requestOf({ demand: zero, tradeoff: 1 }), [XLARGE, LARGE]).chosen).toMatchObject({ shape: { name: 'm7i.large' }, count: 1 });
  expect(selectShape(requestOf({ demand: demandOf(3), maximumCount: 2 }), [LARGE, XLARGE]).chosen).toMatchObject({ shape: { name: 'm7i.xlarge' }, count: 1 });
  const old = shapeOf('m4.large', { currentGeneration: false, usdPerHour: 0.1 });
  const twin = shapeOf('m7z.large', { usdPerHour: 0.1 });
  expect(selectShape(requestOf({ demand: demandOf(1) }), [old, twin, LARGE]).ranking.map(({ shape }) => shape.name)).toEqual(['m7i.large', 'm7z.large', 'm4.large']);
});

test('a shape that bursts holds a peak with all of its vCPUs and an average with its baseline', () => {
  const burstable = shapeOf('t3.large', { burstable: true, cpuBaselineRatio: 0.3, usdPerHour: 0.08 });
  const allowed = { burstableAllowed: true };
  const calm = { peak: { vcpus: 1.5, memoryMiB: 1024 }, average: { vcpus: 0.4, memoryMiB: 1024 } };
  expect(selectShape(requestOf({ demand: calm, constraints: allowed }), [LARGE, burstable]).chosen).toMatchObject({ shape: { name: 't3.large' }, count: 1 });
  const busy = { peak: { vcpus: 1.5, memoryMiB: 1024 }, average: { vcpus: 1, memoryMiB: 1024 } };
  expect(selectShape(requestOf({ demand: busy, constraints: allowed, maximumCount: 1 }), [LARGE, burstable]).refused[0]?.reason).toBe('too small: 1 of it lack CPU on average');
  expect(selectShape(requestOf({ demand: calm }), [LARGE, burstable]).refused[0]?.reason).toBe('burstable, which the request does not allow');
});

test('network and EBS bandwidth count like CPU and memory', () => {
  const demand = { peak: { vcpus: 1, memoryMiB: 1024, ebsMbps: 9000 }, average: { vcpus: 1, memoryMiB: 1024, networkGbps: 2 } };
  const { chosen } = selectShape(requestOf({ demand }), [LARGE]);
  expect(chosen).toMatchObject({ count: 3 });
  expect(chosen?.why).toBe('3 x m7i.large: EBS bandwidth at 30 % at the peak, network at 67 % on average; 0.3000 USD an hour, the cheapest that fits');
});

test('lists, families, architecture and the budget each refuse with their reason', () => {
  const arm = shapeOf('m7g.large', { architecture: 'arm64', architectures: ['arm64'], usdPerHour: 0.08 });
  const reasons = (constraints: object) => selectShape(requestOf({ constraints, demand: demandOf(1) }), [LARGE, XLARGE, arm]).refused.map(({ reason, count }) => `${count} ${reason}`);
  expect(reasons({ allow: ['m7i.large'] })).toEqual(['2 not on the allow list']);
  expect(reasons({ deny: ['m7i.large'] })).toEqual(['1 on the deny list']);
  expect(reasons({ families: ['m7g'] })).toEqual(['2 not of the family m7g']);
  expect(reasons({ architecture: 'x86_64' })).toEqual(['1 it does not run x86_64']);
  expect(reasons({ maximumUsdPerHour: 0.1 })).toEqual(['1 above 0.1 USD an hour']);
  expect(reasons({ compatibleWith: LARGE })).toEqual(['1 incompatible with m7i.large: it does not run x86_64']);
});

test('what is known of the instance lifts what its shape alone would forbid', () => {
  const xen = shapeOf('m4.large', { hypervisor: 'xen', ena: 'supported', currentGeneration: false, bootModes: ['legacy-bios'], ebs: { ...LARGE.ebs, nvme: 'unsupported' } });
  expect(selectShape(requestOf({ constraints: { compatibleWith: xen } }), [LARGE]).chosen).toBeNull();
  const needs = { hasEnaDriver: true, hypervisor: 'either', volumeNames: 'either' } as const;
  expect(selectShape(requestOf({ constraints: { compatibleWith: xen, needs } }), [LARGE]).chosen?.shape.name).toBe('m7i.large');
  expect(selectShape(requestOf({ constraints: { compatibleWith: xen, needs: { ...needs, networkInterfaces: 4 } } }), [LARGE]).refused[0]?.reason).toBe('incompatible with m4.large: it has too few network interfaces');
});

test('a shape without a known price is refused, and an empty catalogue chooses nothing', () => {
  expect(selectShape(requestOf(), [shapeOf('x.large', { usdPerHour: NaN })]).refused).toEqual([{ reason: 'its price is not known', count: 1, examples: ['x.large'] }]);
  expect(selectShape(requestOf(), [])).toEqual({ chosen: null, ranking: [], refused: [] });
});

test('a wrong request is refused with every field that is wrong', () => {
  const wrong = requestOf({ demand: { peak: { vcpus: -1, memoryMiB: NaN }, average: { vcpus: 0, memoryMiB: 0 } }, tradeoff: 2, minimumCount: 0, targetUtilizationRatio: 0, durationMs: 0 });
  expect(() => selectShape(wrong, [])).toThrow(
    'shape request: demand.peak.vcpus: expected a number from 0, got -1; demand.peak.memoryMiB: expected a number from 0, got NaN; durationMs: expected milliseconds above 0, got 0; ' +
      'tradeoff: expected a number from 0 (cost alone) to 1 (performance alone), got 2; minimumCount: expected a whole number from 1, got 0; targetUtilizationRatio: expected a number above 0, up to 1, got 0',
  );
});
