import { Worker } from 'node:worker_threads';

/**
 * Lets a thread run TypeScript sources where this file itself is one (tests): jest's transform does not reach into threads. swc is a development
 * dependency, and compiled code never comes here.
 */
const RUN_FROM_SOURCE = `
  const { transformSync } = require('@swc/core');
  require.extensions['.ts'] = (module, filename) => {
    const { code } = transformSync(require('node:fs').readFileSync(filename, 'utf8'), {
      filename, swcrc: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs', ignoreDynamic: true },
    });
    module._compile(code, filename);
  };
  require(require('node:worker_threads').workerData.entry);
`;

/** Starts a thread on a module (its path without extension), from compiled code or from source, whichever this file is. */
export function startThread(module: string, data: Readonly<Record<string, unknown>>): Worker {
  if (!__filename.endsWith('.ts')) return new Worker(`${module}.js`, { workerData: data });
  return new Worker(RUN_FROM_SOURCE, { eval: true, workerData: { ...data, entry: `${module}.ts` } });
}
