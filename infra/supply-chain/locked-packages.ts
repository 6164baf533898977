/** What `package-lock.json` says of a package, under the folder that it is installed in. */
export interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** What is installed where the product runs, as `name@version`, each once; the product itself is not among it. */
export function productionPackages({ packages }: LockFile): ReadonlySet<string> {
  return new Set(Object.entries(packages).filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true).map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`));
}
