import { createRandomStream, type RandomStream } from '../../../src/domain/seeded-random';
import { classifyUse, type UseSeries } from '../../../src/domain/workload-tags/classify-use';
import { checkUserTag } from '../../../src/domain/workload-tags/tag-input';
import { decideTags, type WorkloadTag } from '../../../src/domain/workload-tags/workload-tag';

const STEPS = 120;
type Load = (i: number) => number;

/** Minutes of an instance: of full use (0..1) by kind, over a floor of noise. */
function minutes(random: RandomStream, of: { cpu?: Load; reads?: Load; writes?: Load; net?: Load }): UseSeries {
  const series = (load: Load = () => 0, full: number, floor: number) => Array.from({ length: STEPS }, (_, i) => (random() < 0.02 ? null : Math.max(0, (load(i) * full + floor * random()) * (0.85 + 0.3 * random()))));
  return { stepMs: 60_000, cpuPercent: series(of.cpu, 80, 2), diskReadOps: series(of.reads, 9_000, 20), diskWriteOps: series(of.writes, 9_000, 40), networkBytes: series(of.net, 2e9, 1e5) };
}

const KINDS: Readonly<Record<string, (random: RandomStream) => UseSeries>> = {
  'use=idle': (random) => minutes(random, {}),
  'use=cpu-bound': (random) => minutes(random, { cpu: () => 0.5 + 0.5 * random(), reads: () => 0.1 * random() }),
  'use=read-heavy': (random) => minutes(random, { reads: () => 0.6 + 0.4 * random(), cpu: () => 0.2 * random(), writes: () => 0.2 * random() }),
  'use=write-heavy': (random) => minutes(random, { writes: () => 0.6 + 0.4 * random(), cpu: () => 0.2 * random() }),
  'use=network-bound': (random) => minutes(random, { net: () => 0.5 + 0.5 * random(), cpu: () => 0.3 * random() }),
  'pattern=periodic': (random) => {
    const [every, long] = [10 + Math.floor(random() * 10), 2 + Math.floor(random() * 3)];
    return minutes(random, { cpu: (i) => (i % every < long ? 1 : 0.05) });
  },
  'pattern=bursty': (random) => {
    const starts = Array.from({ length: 5 + Math.floor(random() * 4) }, () => Math.floor(random() * STEPS));
    return minutes(random, { cpu: (i) => (starts.some((start) => i >= start && i < start + 2) ? 1 : 0.05) });
  },
  'pattern=batch': (random) => {
    const start = Math.floor(random() * 60);
    return minutes(random, { cpu: (i) => (i >= start && i < start + 40 ? 1 : 0.02) });
  },
};

describe('tags from measured use', () => {
  it('are right for at least nine of ten of 400 generated instances of eight kinds, with a reason and how sure they are', () => {
    const random = createRandomStream(3);
    const wrong: string[] = [];
    for (const [kind, make] of Object.entries(KINDS)) {
      for (let i = 0; i < 50; i += 1) {
        const tags = classifyUse('i-1', make(random), 0);
        const [key = '', value = ''] = kind.split('=');
        const found = tags.find((tag) => tag.key === key);
        if (found?.value !== value) wrong.push(`${kind}: ${found?.value ?? 'none'}`);
        for (const { confidence, reason, source } of tags) expect([confidence > 0 && confidence <= 1, reason.length > 10, source]).toEqual([true, true, 'automatic']);
      }
    }
    expect(wrong.length / 400).toBeLessThanOrEqual(0.1);
  });

  it('are none where too little was measured', () => {
    const none = Array.from({ length: 100 }, (_, i) => (i < 5 ? 90 : null));
    expect(classifyUse('i-1', { stepMs: 60_000, cpuPercent: none, diskReadOps: none, diskWriteOps: none, networkBytes: none }, 0)).toEqual([]);
  });
});

describe('tags of several sources', () => {
  const tag = (value: string, source: WorkloadTag['source'], confidence: number): WorkloadTag => ({ resource: 'i-1', key: 'use', value, source, confidence, reason: '', atMs: 0 });
  it('a user\'s holds over EC2\'s, EC2\'s over an automatic one, and the surer automatic one over the other', () => {
    const [user, ec2, sure, unsure] = [tag('mine', 'user', 1), tag('ec2', 'ec2', 1), tag('sure', 'automatic', 0.9), tag('unsure', 'automatic', 0.6)];
    expect([decideTags([sure, ec2, user]), decideTags([sure, ec2]), decideTags([unsure, sure])]).toEqual([[user], [ec2], [sure]]);
  });
  it.each([
    ['web-1', 'app=web', /instanceId is "web-1"; expected an EC2 instance id/],
    ['i-0123456789abcdef0', 'app', /tag is "app"; expected key=value/],
    ['i-0123456789abcdef0', 'aws:x=1', /does not begin with "aws:"/],
  ])('refuses %s %s with a sentence', (id, pair, sentence) => {
    expect(checkUserTag(id, pair, 'why').join('; ')).toMatch(sentence);
  });
});
