import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FORESHIFT = join(__dirname, '../../bin/foreshift.js');
const QUARTERS = 7 * 96;

function type(InstanceType: string, vcpus: number, gib: number, architecture = 'x86_64'): object {
  return {
    InstanceType,
    CurrentGeneration: true,
    BareMetal: false,
    Hypervisor: 'nitro',
    BurstablePerformanceSupported: false,
    ProcessorInfo: { SupportedArchitectures: [architecture] },
    VCpuInfo: { DefaultVCpus: vcpus },
    MemoryInfo: { SizeInMiB: gib * 1024 },
    EbsInfo: { NvmeSupport: 'required', MaximumEbsAttachments: 32, EbsOptimizedInfo: { BaselineBandwidthInMbps: 650, MaximumBandwidthInMbps: 10_000, BaselineIops: 3600, MaximumIops: 40_000 } },
    NetworkInfo: { EnaSupport: 'required', MaximumNetworkInterfaces: 3, NetworkCards: [{ BaselineBandwidthInGbps: 1, PeakBandwidthInGbps: 12.5 }] },
    PlacementGroupInfo: { SupportedStrategies: ['cluster', 'partition', 'spread'] },
    SupportedBootModes: [architecture === 'arm64' ? 'uefi' : 'legacy-bios'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
  };
}

describe('foreshift shapes', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shapes-'));
    const InstanceTypes = [type('m7i.large', 2, 8), type('m7i.xlarge', 4, 16), type('m7i.2xlarge', 8, 32), type('c7i.large', 2, 4), type('m7g.large', 2, 8, 'arm64'), type('m99.large', 2, 8)];
    await writeFile(join(folder, 'types.json'), JSON.stringify({ InstanceTypes }));
    await writeFile(join(folder, 'own.json'), JSON.stringify([{ name: 'web', instanceType: 'm7i.large', count: 2, usdPerHour: 0.07 }]));
    await writeFile(join(folder, 'wrong.json'), JSON.stringify([{ name: 'Web', instanceType: 'm7i.huge', count: 0 }]));
    await mkdir(join(folder, 'loads'));
    for (const [name, percent] of [['web-1', 11], ['web-2', 12], ['batch', 60]] as const) {
      const rows = Array.from({ length: QUARTERS }, (_, i) => `${1_700_000_000 + i * 900},${percent + (i % 7) / 10}`);
      await writeFile(join(folder, 'loads', `${name}.csv`), `timestamp,value\n${rows.join('\n')}\n`);
      await writeFile(join(folder, 'loads', `${name}.memoryPercent.csv`), `timestamp,value\n${rows.join('\n')}\n`);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  const shapes = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [FORESHIFT, 'shapes', ...args, '--types', join(folder, 'types.json')], { cwd: folder }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }));
    });

  it('lists what fits the filters, the own shapes first, and says where prices come from', async () => {
    const { out } = await shapes('list', '--tier', 'small', '--architecture', 'x86_64', '--sort', 'price', '--custom', 'own.json');
    expect(out).toMatch(/own shape[\s\S]*web +2 x m7i\.large +- +0\.0700[\s\S]*m7i\.large +small +2 +8[\s\S]*own file[\s\S]*c7i\.large/);
    expect(out).toMatch(/1 types are left out: no price of theirs is known/);
    expect(out).not.toMatch(/m7g/);
  });

  it('explains a shape, and which shape fits a demand and why the others do not', async () => {
    expect((await shapes('explain', 'm7i.large')).out).toMatch(/2 vCPUs, x86_64[\s\S]*may become +4 shapes as it is[\s\S]*it does not run x86_64 +m7g\.large/);
    const { out } = await shapes('explain', '--vcpus', '3', '--memory-gib', '6', '--count', '1-3', '--architecture', 'x86_64', '--json');
    const { chosen, refused } = JSON.parse(out) as { chosen: { shape: { name: string }; count: number }; refused: { reason: string }[] };
    expect([chosen.count, chosen.shape.name]).toEqual([2, 'c7i.large']);
    expect(refused.map(({ reason }) => reason)).toEqual(['it does not run x86_64']);
  });

  it('suggests shapes for a folder of histories and writes a file that list reads', async () => {
    const saved = join(folder, 'saved.json');
    const { out } = await shapes('suggest', '--history', 'loads', '--present', 'm7i.2xlarge', '--save', saved);
    expect(out).toMatch(/1 x m7i\.large[\s\S]*for web-1, web-2[\s\S]*in all 1\.2096 -> /);
    expect(JSON.parse(await readFile(saved, 'utf8'))).toMatchObject([{ instanceType: 'm7i.2xlarge' }, { name: 'steady-small-1', instanceType: 'm7i.large', count: 1, volume: { kind: 'gp3', iops: 3000, throughputMiBps: 125 } }]);
  });

  it.each([
    [['list', '--custom', 'wrong.json'], /--custom: wrong\.json: \[0\]\.name: expected lower-case[\s\S]*\[0\]\.instanceType: expected an instance type of this region's catalogue, got "m7i\.huge"; \[0\]\.count: expected a whole number from 1, got 0/],
    [['explain', 'm7i.lrge'], /m7i\.lrge is not in the catalogue[\s\S]*of its family there are m7i\.large/],
  ])('refuses %j with a sentence and exit code 2', async (args, sentence) => {
    const { code, err } = await shapes(...args);
    expect(err).toMatch(sentence);
    expect(code).toBe(2);
  });
});
