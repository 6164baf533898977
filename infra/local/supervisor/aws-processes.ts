import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegionConfig } from '../../../src/contracts/config';
import { freePort } from './free-port';
import { ManagedProcess, guarded } from './managed-process';
import type { AwsTools } from '../tools/provision-tools';
import { accepts } from './temporal-process';
import type { ProcessContext } from './temporal-process';

const PREFIXES = 126;

/** Instances get loopback addresses below a prefix of the stack's and the region's own, so that two of them never share one. */
function addressPrefix(directory: string, region: number): string {
  let hash = 0;
  for (const letter of directory) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return `127.${2 + (hash % PREFIXES) + region * PREFIXES}`;
}

/** The region that the local cloud has beside one's own. */
function secondRegion(awsRegion: string): string {
  return awsRegion === 'us-west-2' ? 'us-east-1' : 'us-west-2';
}

/** moto, and in front of it each region's gateway with its instances and its proxy, all in one process; one's own region first. */
export async function awsProcesses(
  { directory, config, env }: ProcessContext,
  tools: AwsTools,
  delays: Readonly<Record<string, number>>,
  add: (child: ManagedProcess) => void,
): Promise<readonly (RegionConfig & { readonly awsEndpoint: string })[]> {
  const motoPort = await freePort();
  const moto = await ManagedProcess.start({
    name: 'moto',
    ...guarded(tools.python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(motoPort)]),
    env: { ...env, PYTHONPATH: tools.pythonPath, PYTHONDONTWRITEBYTECODE: '1', MOTO_EC2_LOAD_DEFAULT_AMIS: 'false', MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION: 'true' },
    logFile: join(directory, 'logs', 'moto.log'),
    isReady: () => accepts(motoPort),
    readyWithinMs: 60_000,
  });
  add(moto);
  const dataDir = join(directory, 'cloud');
  await mkdir(dataDir, { recursive: true });
  const regions = await Promise.all([config.awsRegion, secondRegion(config.awsRegion)].map(async (name, i) => ({ name, port: await freePort(), addressPrefix: addressPrefix(directory, i) })));
  const options = {
    regions,
    motoUrl: `http://127.0.0.1:${motoPort}`,
    dataDir,
    envoyPath: tools.envoyPath,
    searchPath: config.path,
    delays,
  };
  const gateway = await ManagedProcess.start({
    name: 'aws',
    command: process.execPath,
    args: [require.resolve('../gateway/main'), JSON.stringify(options)],
    env,
    logFile: join(directory, 'logs', 'aws.log'),
    isReady: async ({ readyLine }) => readyLine !== null,
    readyWithinMs: 60_000,
  });
  add(gateway);
  return regions.map(({ name, port }) => ({ region: name, awsEndpoint: `http://127.0.0.1:${port}` }));
}
