import type { WorkflowHandle } from '@temporalio/client';
import { keepHistory } from '../recorded-histories';
import { RoutingBench, type FakeBalancer, type Route } from './routing-bench';

/* Each story is told on workers that keep no workflow, as when the worker died between any two steps, and is kept as a history that later versions must replay. */

const STORIES: Readonly<Record<string, { readonly outcome: string; readonly tell: (bench: RoutingBench, balancer: FakeBalancer) => Promise<WorkflowHandle<Route>> }>> = {
  'renewed-set-again-and-expired': {
    outcome: 'Expired',
    async tell(bench, balancer) {
      const handle = await bench.recommend();
      await bench.until(handle, ({ phase }) => phase === 'routed');
      await bench.env.sleep('4m');
      await bench.recommend(92);
      await bench.env.sleep('10s');
      balancer.served = null;
      await bench.env.sleep('1m');
      expect(balancer.served).not.toBeNull();
      return handle;
    },
  },
  'taken-back-after-a-lost-answer': {
    outcome: 'Expired',
    async tell(bench, balancer) {
      balancer.failing.set('steer', 'reply lost');
      return bench.recommend();
    },
  },
  'rolled-back-where-it-was-refused': {
    outcome: 'RolledBack',
    async tell(bench, balancer) {
      balancer.failing.set('steer', 'refused');
      return bench.recommend();
    },
  },
  'watched-and-withdrawn': {
    outcome: 'Withdrawn',
    async tell(bench, balancer) {
      balancer.cpuPercent = [50, 90, 90, 20];
      const handle = await bench.start(bench.inputOf({ members: ['a', 'b', 'c'].map((memberId, i) => ({ memberId, instanceId: `i-0000000${i}` })), watch: { classShares: { checkout: 0.3, browse: 0.7 } } }));
      await bench.env.sleep('3m');
      expect(balancer.served).not.toBeNull();
      await handle.signal('follow', { memberId: 'a', host: '10.0.0.7', port: 8080 });
      await bench.env.sleep('10s');
      await handle.signal('withdraw', { reason: 'enough' });
      return handle;
    },
  },
};
const NAMES = Object.keys(STORIES);

describe('a routing', () => {
  let bench: RoutingBench;
  beforeAll(async () => {
    bench = await RoutingBench.start({ maxCachedWorkflows: 0 });
  });
  afterAll(() => bench.stop());

  it.each(NAMES)('goes on and is taken back where a worker died between any two steps: %s', async (name) => {
    const balancer = bench.fresh(name);
    const story = STORIES[name];
    const handle = await story?.tell(bench, balancer);
    expect(await handle?.result()).toMatchObject({ outcome: story?.outcome, left: [] });
    expect(balancer.served).toBeNull();
    if (handle !== undefined) await keepHistory(`routing/${name}`, handle);
  });
});
