import { readdir, readFile } from 'node:fs/promises';

/** What the processes of one group have used so far. */
export interface GroupUsage {
  readonly cpuSeconds: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly residentBytes: number;
}

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Reads the usage of the given process groups from /proc, in one pass over all processes. */
export async function readGroupUsage(groups: ReadonlySet<number>): Promise<ReadonlyMap<number, GroupUsage>> {
  const usage = new Map<number, GroupUsage>();
  if (groups.size === 0) return usage;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The command, in parentheses, may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const group = Number(fields[2]);
    if (!groups.has(group)) continue;
    const io = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
    const cpuTicks = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
    const before = usage.get(group);
    usage.set(group, {
      cpuSeconds: (before?.cpuSeconds ?? 0) + cpuTicks / TICKS_PER_SECOND,
      readBytes: (before?.readBytes ?? 0) + ioField(io, 'rchar'),
      writtenBytes: (before?.writtenBytes ?? 0) + ioField(io, 'wchar'),
      residentBytes: (before?.residentBytes ?? 0) + Number(fields[21]) * PAGE_BYTES,
    });
  }
  return usage;
}

function ioField(io: string, name: string): number {
  return Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1] ?? 0);
}
