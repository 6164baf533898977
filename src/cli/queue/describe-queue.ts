import type { QueueStatus } from '../../contracts/migration-queue';
import { alignColumns } from '../forecast/align-columns';

/** A queue's status as lines: why nothing begins, what runs, waits and ended. */
export function describeQueue({ fleet, counts, paused, breaker, freezes, running, queued, ended }: QueueStatus): string[] {
  return [
    `fleet ${fleet}: ${counts.running} run, ${counts.queued} wait, ${counts.ended} remembered`,
    ...(breaker === null ? [] : [`breaker open: ${breaker}; "foreshift queue resume --fleet ${fleet}" closes it`]),
    ...(paused === null ? [] : [`paused: ${paused.reason}`]),
    ...freezes.map(({ fromMs, untilMs, reason }) => `frozen ${at(fromMs)} to ${at(untilMs)}: ${reason}`),
    ...section('running', running.map(({ request, phase, pace, aborting }) => [request.itemId, `${request.name} (${request.instanceId})`, `${phase ?? 'begins'}${pace === 'normal' ? '' : `, ${pace}`}`, aborting ?? request.reason])),
    ...section('waiting, highest priority first', queued.map(({ request, priority, heldBecause }) => [request.itemId, `${request.name} (${request.instanceId})`, priority.toPrecision(3), heldBecause ?? 'begins next'])),
    ...section('ended, the last first', ended.map(({ itemId, instanceId, outcome, endedAtMs, reason }) => [itemId, instanceId, outcome, `${at(endedAtMs)}${reason === '' ? '' : `  ${reason}`}`])),
    ...(counts.queued > queued.length ? [`and ${counts.queued - queued.length} more wait`] : []),
  ];
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [`${title}:`, ...alignColumns(rows)];
}

function at(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ') + 'Z';
}
