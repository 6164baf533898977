import { readdirSync, readFileSync } from 'node:fs';

/** Processes of other groups that were started, at some remove, by one of these groups: servers give their children sessions of their own. */
export function strayChildren(groups: ReadonlySet<number>): readonly number[] {
  const processes = new Map(readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? standing(Number(name)) : [])));
  const isOurs = (pid: number): boolean => {
    const found = processes.get(pid);
    return found !== undefined && (groups.has(found.group) || isOurs(found.parent));
  };
  return [...processes].filter(([pid, { group }]) => !groups.has(group) && isOurs(pid)).map(([pid]) => pid);
}

function standing(pid: number): [number, { readonly parent: number; readonly group: number }][] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command, in parentheses, may itself hold spaces and parentheses.
    const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [[pid, { parent: Number(parent), group: Number(group) }]];
  } catch {
    return [];
  }
}
