/** `show servers state`: a version, a head that begins with `#`, a server a line. */
export function parseServersState(answer: string): Record<string, string>[] {
  const lines = answer.split('\n').filter((line) => line !== '');
  const head = lines.find((line) => line.startsWith('# '))?.slice(2).split(' ') ?? [];
  return lines.filter((line) => !line.startsWith('#') && line.includes(' ')).map((line) => record(head, line.split(' ')));
}

/** `show stat`: CSV without quoted commas in what is read here. */
export function parseStat(answer: string): Record<string, string>[] {
  const [first = '', ...lines] = answer.split('\n').filter((line) => line !== '');
  const head = first.replace(/^# /, '').split(',');
  return lines.map((line) => record(head, line.split(',')));
}

/** `show map`: an address in memory, the key, the value. */
export function parseMap(answer: string): Map<string, string> {
  return new Map(answer.split('\n').flatMap((line) => {
    const [, key, value] = /^\S+ (\S+) (.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  }));
}

/** The sessions that a `show table` counts in its head; null where it is none. */
export function parseTableUse(answer: string): number | null {
  const used = /^# table: .*\bused:(\d+)/.exec(answer)?.[1];
  return used === undefined ? null : Number(used);
}

function record(head: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(head.map((name, i) => [name, values[i] ?? '']));
}
