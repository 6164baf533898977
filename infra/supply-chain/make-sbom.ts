import { productionPackages, type LockFile } from './locked-packages';

interface Component {
  readonly 'bom-ref': string;
  readonly licenses?: readonly unknown[];
  readonly name: string;
  readonly [field: string]: unknown;
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

/** CycloneDX as npm writes it, as far as it is looked at. */
export interface Sbom {
  readonly metadata: { readonly component: Component; readonly [field: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
  readonly [field: string]: unknown;
}

/** Of packages that say it in a file of their own and not in package.json. */
const LICENCES: Readonly<Record<string, string>> = { unionfs: 'Unlicense' };

/**
 * The bill of what is installed where the product runs, out of npm's bill of everything: the same lock file gives the same bytes, without times, serial numbers, names of folders or npm's
 * release. npm's own `--omit dev` is not asked: it leaves out what tools need as well as the product (npm 11.19: 179 of the lock file's 412 entries, gRPC's among them).
 */
export function makeSbom({ serialNumber: _, ...all }: Sbom, lock: LockFile, name: string): Sbom {
  const wanted = productionPackages(lock);
  const root = all.metadata.component['bom-ref'];
  const components = all.components.filter((component) => wanted.has(component['bom-ref'])).map(withLicence).toSorted(byRef);
  const kept = new Set([root, ...components.map((component) => component['bom-ref'])]);
  return {
    ...all,
    metadata: { lifecycles: [{ phase: 'pre-build' }], tools: [{ vendor: 'npm', name: 'cli' }], component: { ...all.metadata.component, name } },
    components,
    dependencies: all.dependencies.filter(({ ref }) => kept.has(ref)).map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)).toSorted() })).toSorted((a, b) => compare(a.ref, b.ref)),
  };
}

function withLicence(component: Component): Component {
  const looked = LICENCES[component.name];
  return (component.licenses ?? []).length > 0 || looked === undefined ? component : { ...component, licenses: [{ license: { id: looked } }] };
}

function byRef(a: Component, b: Component): number {
  return compare(a['bom-ref'], b['bom-ref']);
}

/** By their characters, wherever it is run. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
