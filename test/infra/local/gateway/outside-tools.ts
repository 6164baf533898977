import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

/** Folder with moto for Python; tests that need it are skipped without it. */
export const motoPythonPath = process.env['FORESHIFT_TEST_MOTO_PYTHONPATH'];
/** The Envoy program; tests that need it are skipped without it. */
export const envoyPath = process.env['FORESHIFT_TEST_ENVOY'];

/** `describe`, or a skipped one whose title says which tool is missing. */
export function describeWith(tools: Readonly<Record<string, string | undefined>>, title: string, body: () => void): void {
  const missing = Object.entries(tools).flatMap(([variable, value]) => (value === undefined ? [variable] : []));
  if (missing.length === 0) describe(title, body);
  else describe.skip(`${title} (skipped: set ${missing.join(' and ')})`, body);
}

export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a moto of the test's own on a free loopback port. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const program = 'import sys; from moto.server import main; main(["-H", "127.0.0.1", "-p", sys.argv[1]])';
  const child = spawn('python3', ['-c', program, String(port)], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONPATH: motoPythonPath, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' },
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 30_000;
  while (!(await answers(url))) {
    if (Date.now() > deadline) throw new Error('moto does not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/`)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
