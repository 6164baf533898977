import { readFileSync } from 'node:fs';
import { BUNDLE } from './saga-bench';

const TEMPORALS_NEEDS = ['long', 'ms', 'nexus-rpc'];

/**
 * Whatever stands in the bundle is replayed: a library in it would change behaviour with its next version, and what reads
 * files, clocks or sockets does not belong there at all.
 */
describe('the workflow bundle', () => {
  const modules = modulesOf(readFileSync(BUNDLE, 'utf8'));
  const packages = new Set(modules.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));

  it('holds the workflows, the domain and the contracts', () => {
    const own = modules.filter((path) => !path.includes('node_modules'));
    for (const part of ['workflows/migrate-instance.js', 'workflows/shape-fleet.js', 'domain/target-ladder.js', 'contracts/workflow-ids.js']) {
      expect(own.filter((path) => path.endsWith(part))).toHaveLength(1);
    }
  });

  it('holds nothing of ours but those', () => {
    const strangers = modules.filter((path) => /\/(?:dist\/)?src\//.test(path) && !/\/src\/(workflows|domain|contracts)\//.test(path));
    expect(strangers).toEqual([]);
  });

  it('holds no package but Temporal\'s own and what those need: no tfjs, AWS SDK, zod or pg', () => {
    expect([...packages].filter((name) => !name.startsWith('@temporalio/')).toSorted()).toEqual(TEMPORALS_NEEDS);
  });

  it('requires nothing of Node', () => {
    // Webpack writes `fs (ignored)` or `external "fs"` where code asks for what is not in the bundle.
    const absent = modules.flatMap((name) => /^(?:external )?"?([^"]+?)"?(?: \(ignored\))?$/.exec(name)?.[1] ?? []).filter((name) => !name.startsWith('./'));
    expect(absent.filter((name) => !name.startsWith('__temporal_custom_'))).toEqual([]);
  });
});

/** Webpack names every module by its path, in a comment over it. */
function modulesOf(bundle: string): string[] {
  return [...bundle.matchAll(/^ {2}!\*\*\* (.+?) \*\*\*!$/gm)].map((match) => match[1] ?? '');
}
