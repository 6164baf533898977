import { checkNamedShapes } from '../../../src/domain/shapes/named-shape';
import { tierOf } from '../../../src/domain/shapes/tiers';
import { gp3For, settingsUsdPerHour } from '../../../src/domain/shapes/volume-settings';
import { shapeOf } from './generated-catalogue';

test.each([
  [1, 0.5, 'micro'],
  [2, 8, 'small'],
  [2, 16, 'medium'],
  [8, 16, 'large'],
  [8, 128, 'xl'],
  [96, 192, 'xl'],
])('%d vCPUs with %d GiB are %s', (vcpus, gib, tier) => {
  expect(tierOf({ vcpus, memoryMiB: gib * 1024 })).toBe(tier);
});

test('gp3 is set no higher than the peak asks for, in steps of a hundred, with enough IOPS for its throughput', () => {
  expect(gp3For({ iops: 10, throughputMiBps: 10 }, 0.8)).toEqual({ kind: 'gp3', iops: 3000, throughputMiBps: 125 });
  expect(gp3For({ iops: 4010, throughputMiBps: 800 }, 1)).toEqual({ kind: 'gp3', iops: 4100, throughputMiBps: 800 });
  expect(gp3For({ iops: 100, throughputMiBps: 900 }, 1)).toEqual({ kind: 'gp3', iops: 3600, throughputMiBps: 900 });
  expect(gp3For({ iops: 17_000, throughputMiBps: 10 }, 1)).toBeNull();
});

test('only what lies above the included settings costs', () => {
  expect(settingsUsdPerHour({ kind: 'gp3', iops: 3000, throughputMiBps: 125 })).toBe(0);
  expect(settingsUsdPerHour({ kind: 'gp3', iops: 4000, throughputMiBps: 225 }) * 730).toBeCloseTo(5 + 4);
});

test('shapes of a file are checked field by field', () => {
  const catalogue = [shapeOf('m7i.large')];
  expect(checkNamedShapes([{ name: 'web', instanceType: 'm7i.large' }], catalogue)).toEqual([]);
  expect(checkNamedShapes({}, catalogue)).toEqual(['expected a list of shapes, such as [{"name": "web", "instanceType": "m7i.large"}]']);
  expect(checkNamedShapes([null, { name: 'a', instanceType: 'm7i.large', usdPerHour: -1, volume: { kind: 'io2' } }, { name: 'a', instanceType: 'm7i.large' }], catalogue)).toEqual([
    '[0]: expected an object',
    '[1].usdPerHour: expected USD from 0, got -1',
    '[1].volume: expected {"kind": "gp3", "iops": 3000, "throughputMiBps": 125}, got {"kind":"io2"}',
    '[2].name: expected a name that no other shape of the file has, got "a"',
  ]);
});
