import { join } from 'node:path';

/** A module as `npm run build` made it: what starts processes of its own needs JavaScript that Node itself can run. */
export function built<Module>(path: string): Module {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is only known here, and import() would be asynchronous
  return require(join(__dirname, '../../dist', path)) as Module;
}
