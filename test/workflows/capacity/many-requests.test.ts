import { CapacityBench } from './capacity-bench';
import { ZONES } from './fake-cloud';

describe('requests for replicas', () => {
  it('fifty at once for thirty places: thirty are served, the others are told that there is no room, and no pool gives more than it has', async () => {
    const bench = await CapacityBench.startInRealTime();
    const { cloud } = bench;
    for (const zone of ZONES) cloud.capacity.set(`m7i.large in ${zone}`, 15);
    const constraints = { allow: ['m7i.large'] };
    try {
      const results = await Promise.all(Array.from({ length: 50 }, () => bench.run(bench.request({ count: 1, demand: { peak: { vcpus: 1, memoryMiB: 2048 } }, constraints }))));
      expect(results.filter(({ kind }) => kind === 'Provisioned')).toHaveLength(30);
      expect(results.filter((result) => result.kind === 'Refused' && result.error === 'InsufficientCapacity')).toHaveLength(20);
      expect(cloud.violations).toEqual([]);
      expect(cloud.replicas()).toHaveLength(30);
      expect(cloud.left()).toEqual([]);
    } finally {
      await bench.stop();
    }
  });
});
