/** One rule of what is transferred. The first that matches a path decides; what no rule matches is transferred. */
export interface SelectionRule {
  readonly act: 'include' | 'exclude';
  /** A glob: without a slash it is a name at any depth, with one a path below the root; a slash at the end means folders only. */
  readonly pattern: string;
  /** Stands in the report beside what was skipped. */
  readonly reason: string;
}

export type Selection = (path: string, isFolder: boolean) => string | null;

/**
 * What a service that starts anew on the same state does not need. Deliberately few: what is skipped in error is lost with the
 * source. Caches that carry a CACHEDIR.TAG are found besides, and sockets, pipes and devices are never transferred.
 */
export const DEFAULT_RULES: readonly SelectionRule[] = [
  { act: 'exclude', pattern: 'lost+found/', reason: "the file system's own" },
  { act: 'exclude', pattern: '.cache/', reason: 'a cache' },
  { act: 'exclude', pattern: '__pycache__/', reason: 'a cache: made anew from the sources' },
  { act: 'exclude', pattern: 'tmp/*', reason: 'temporary files' },
  { act: 'exclude', pattern: 'var/tmp/*', reason: 'temporary files' },
  { act: 'exclude', pattern: '*.swp', reason: "an editor's temporary file" },
  { act: 'exclude', pattern: '*~', reason: "an editor's backup" },
  { act: 'exclude', pattern: '*.pid', reason: 'names a process of the source' },
  { act: 'exclude', pattern: 'core.[0-9]*', reason: 'a memory dump' },
  { act: 'exclude', pattern: '*.log.[0-9]*', reason: 'a rotated log' },
  { act: 'exclude', pattern: '*.log-[0-9]*', reason: 'a rotated log' },
];

/** Makes the selection of the rules: it answers why a path is skipped, or null where it is transferred. */
export function selectionOf(rules: readonly SelectionRule[]): Selection {
  const compiled = rules.map(({ act, pattern, reason }) => ({ act, reason: `${reason} (${pattern})`, foldersOnly: pattern.endsWith('/'), matches: globTest(pattern.replace(/\/$/, '')) }));
  return (path, isFolder) => {
    const rule = compiled.find(({ foldersOnly, matches }) => (isFolder || !foldersOnly) && matches(path));
    return rule?.act === 'exclude' ? rule.reason : null;
  };
}

function globTest(glob: string): (path: string) => boolean {
  const anchored = glob.includes('/');
  const expression = new RegExp(`^${toExpression(glob.replace(/^\//, ''))}$`, 's');
  return anchored ? (path) => expression.test(path) : (path) => expression.test(path.slice(path.lastIndexOf('/') + 1));
}

function toExpression(glob: string): string {
  return glob.replace(/\*\*\/|\*\*|\*|\?|\[[^\]/]+\]|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    return token.length > 1 ? token.replaceAll('\\', '\\\\').replace('[!', '[^') : `\\${token}`;
  });
}
