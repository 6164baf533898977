import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port';
import { ManagedProcess, guarded } from './managed-process';
import type { AwsTools } from '../tools/provision-tools';
import { accepts } from './temporal-process';
import type { ProcessContext } from './temporal-process';

/** Instances get loopback addresses below a prefix of the stack's own, so that two stacks never share one. */
function addressPrefix(directory: string): string {
  let hash = 0;
  for (const letter of directory) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return `127.${64 + (hash % 128)}`;
}

/** moto, and in front of it the gateway with its instances and its proxy. */
export async function awsProcesses(
  { directory, config, env }: ProcessContext,
  tools: AwsTools,
  delays: Readonly<Record<string, number>>,
  add: (child: ManagedProcess) => void,
): Promise<{ url: string }> {
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
  const options = {
    port: await freePort(),
    motoUrl: `http://127.0.0.1:${motoPort}`,
    dataDir,
    region: config.awsRegion,
    addressPrefix: addressPrefix(directory),
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
  return { url: `http://127.0.0.1:${options.port}` };
}
