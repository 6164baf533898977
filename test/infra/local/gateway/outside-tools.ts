import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../../infra/local/supervisor/free-port';
import { provideAwsTools, type AwsTools } from '../../../../infra/local/tools/provision-tools';
import { environment, readConfig } from '../../../../src/contracts/config';
import { built } from '../../../support/built';

/** For hooks that start these tools: the first run of a checkout downloads them. */
export const TOOLS_TIMEOUT_MS = 180_000;

export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/** moto and Envoy as `foreshift local up` gets them; throws with what to install where Python is missing. */
export function awsTools(): Promise<AwsTools> {
  return provideAwsTools({ ...readConfig(), env: { ...environment() } });
}

/** Starts a moto of the test's own on a free loopback port, which ends with this process whatever happens. */
export async function startMoto(tools: AwsTools): Promise<Moto> {
  const { ManagedProcess, guarded } = built<typeof import('../../../../infra/local/supervisor/managed-process')>('infra/local/supervisor/managed-process');
  const directory = mkdtempSync(join(tmpdir(), 'moto-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const moto = await ManagedProcess.start({
    name: 'moto',
    ...guarded(tools.python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)]),
    env: { ...environment(), PYTHONPATH: tools.pythonPath, PYTHONDONTWRITEBYTECODE: '1', MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' },
    logFile: join(directory, 'moto.log'),
    isReady: async () => (await fetch(`${url}/moto-api/`)).ok,
    readyWithinMs: 60_000,
  });
  return {
    url,
    async stop() {
      await moto.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
