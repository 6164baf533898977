import { createRandomStream } from '../../../src/domain/seeded-random';
import type { CatalogueShape } from '../../../src/domain/shapes/catalogue-shape';
import { DEFAULT_CREATION_POLICY } from '../../../src/domain/shapes/create-shape';
import type { LoadSeries } from '../../../src/forecasting/load-series';
import { describePattern, type InstanceHistory } from '../../../src/forecasting/patterns/describe-pattern';
import { suggestShapes } from '../../../src/forecasting/patterns/suggest-shapes';
import { shapeOf } from '../../domain/shapes/generated-catalogue';

const SIZES = ['large', 'xlarge', '2xlarge', '4xlarge'];
const family = (name: string, gibAVcpu: number, usdAVcpu: number, change: Partial<CatalogueShape> = {}): CatalogueShape[] =>
  SIZES.map((size, i) => shapeOf(`${name}.${size}`, { vcpus: 2 ** (i + 1), memoryMiB: 2 ** (i + 1) * gibAVcpu * 1024, usdPerHour: usdAVcpu * 2 ** (i + 1), ...change }));
const CATALOGUE = [...family('m7i', 4, 0.05), ...family('c7i', 2, 0.042), ...family('r7i', 8, 0.066), ...family('m7g', 4, 0.04, { architecture: 'arm64', architectures: ['arm64'] })];
const named = (name: string): CatalogueShape => CATALOGUE.find((shape) => shape.name === name) as CatalogueShape;

function series(id: string, value: (hour: number) => number, noise = 2): LoadSeries {
  const random = createRandomStream(id.length + id.charCodeAt(id.length - 1));
  return { id, startAtMs: 0, stepMs: 900_000, values: Array.from({ length: 7 * 96 }, (_, i) => Math.max(0, value((i / 4) % 24) + noise * (random() - 0.5))) };
}

function history(id: string, shape: string, cpu: (hour: number) => number, memory: number, more: InstanceHistory['series'] = {}): InstanceHistory {
  return { id, present: named(shape), series: { cpuPercent: series(`${id}-cpu`, cpu), memoryPercent: series(`${id}-memory`, () => memory, 1), ...more } };
}

const office = (hour: number): number => (hour >= 8 && hour < 18 ? 70 : 10);

test('instances that ask for the same share a shape, which costs less than what they have and holds each of them', () => {
  const histories = [
    ...['a', 'b', 'c'].map((id) => history(`web-${id}`, 'm7i.2xlarge', () => 20, 12)),
    ...['a', 'b'].map((id) => history(`cache-${id}`, 'm7i.2xlarge', () => 8, 70)),
    ...['a', 'b', 'c'].map((id) => history(`office-${id}`, 'm7i.4xlarge', office, 20)),
  ];
  const { shapes, left } = suggestShapes(histories.map(describePattern), CATALOGUE, DEFAULT_CREATION_POLICY);
  expect(left).toEqual([]);
  expect(shapes.map(({ shape, members }) => `${shape.instanceType} ${members.join(' ')}`)).toEqual(['r7i.xlarge cache-a cache-b', 'c7i.4xlarge office-a office-b office-c', 'c7i.xlarge web-a web-b web-c']);
  expect(shapes.map(({ shape }) => shape.name)).toEqual(['steady-large-1', 'daily-xl-1', 'steady-medium-1']);
  for (const { usdPerHourBefore, usdPerHourAfter } of shapes) expect(usdPerHourAfter).toBeLessThan(usdPerHourBefore);
});

test('the same history gives the same names, versions and reasons, in whatever order it comes', () => {
  const patterns = ['a', 'b', 'c', 'd'].map((id, i) => describePattern(history(`web-${id}`, 'm7i.2xlarge', () => 10 + 20 * i, 12)));
  const once = suggestShapes(patterns, CATALOGUE, DEFAULT_CREATION_POLICY);
  expect(suggestShapes(patterns.toReversed(), CATALOGUE, DEFAULT_CREATION_POLICY)).toEqual(once);
  expect(once.shapes[0]?.shape.version).toMatch(/^[0-9a-f]{12}$/);
  expect(once.shapes[0]?.shape.why[0]).toMatch(/(instances ask|one instance asks) for up to/);
});

test('no shape is proposed that an instance cannot become', () => {
  const patterns = ['m7g.2xlarge', 'm7i.2xlarge'].map((shape) => describePattern(history(`on-${shape}`, shape, () => 20, 12)));
  const { shapes } = suggestShapes(patterns, CATALOGUE, DEFAULT_CREATION_POLICY);
  expect(shapes.map(({ shape, members }) => `${members.join()} ${shape.instanceType}`)).toEqual(['on-m7g.2xlarge m7g.xlarge', 'on-m7i.2xlarge c7i.xlarge']);
});

test('memory that nobody measured stays as it is', () => {
  const { series: measured, ...rest } = history('web-a', 'm7i.2xlarge', () => 5, 0);
  const pattern = describePattern({ ...rest, series: { cpuPercent: measured.cpuPercent as LoadSeries } });
  const { shapes } = suggestShapes([pattern], CATALOGUE, { ...DEFAULT_CREATION_POLICY, targetUtilizationRatio: 1 });
  expect(named(shapes[0]?.shape.instanceType ?? '').memoryMiB).toBeGreaterThanOrEqual(32_768);
  expect(shapes[0]?.shape.why.at(-1)).toMatch(/^not measured everywhere: memoryPercent/);
});

test('volumes are set to the operations that were seen, and what no volume holds is left with its reason', () => {
  const busy = describePattern(history('db-a', 'm7i.2xlarge', () => 30, 30, { diskOpsPerSecond: series('db-a-ops', () => 6000, 0) }));
  const { shapes } = suggestShapes([busy], CATALOGUE, DEFAULT_CREATION_POLICY);
  expect(shapes[0]?.shape.volume).toEqual({ kind: 'gp3', iops: 7500, throughputMiBps: 125 });
  const beyond = describePattern(history('db-b', 'm7i.2xlarge', () => 30, 30, { diskOpsPerSecond: series('db-b-ops', () => 20_000, 0) }));
  expect(suggestShapes([beyond], CATALOGUE, DEFAULT_CREATION_POLICY).left).toEqual([{ id: 'db-b', reason: 'its 20000 IOPS are more than one gp3 volume holds' }]);
});

test('a series without a value is refused by its name', () => {
  const empty = { ...series('x-cpu', () => 0), values: [null, null] };
  expect(() => describePattern({ id: 'x', present: named('m7i.large'), series: { cpuPercent: empty } })).toThrow('x: expected at least one value in x-cpu');
});
