/** How times are told: shifted by an offset, whose name stands beside them. */
export interface TimeZone {
  /** Minutes to add to UTC at a time. */
  offsetMinutes(atMs: number): number;
  /** Such as "UTC" or "UTC+02:00". */
  nameAt(atMs: number): string;
}

export const UTC: TimeZone = zoneOf(() => 0);

/** The zone of this machine, with its changes between summer and winter. */
export const LOCAL_TIME: TimeZone = zoneOf((atMs) => -new Date(atMs).getTimezoneOffset());

function zoneOf(offsetMinutes: (atMs: number) => number): TimeZone {
  return { offsetMinutes, nameAt: (atMs) => nameOf(offsetMinutes(atMs)) };
}

function nameOf(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** "2026-11-24" in a zone. */
export function dayOf(atMs: number, zone: TimeZone): string {
  return shifted(atMs, zone).slice(0, 10);
}

/** "14:35" in a zone; with seconds where they are not zero. */
export function clockOf(atMs: number, zone: TimeZone): string {
  const clock = shifted(atMs, zone).slice(11, 19);
  return clock.endsWith(':00') ? clock.slice(0, 5) : clock;
}

function shifted(atMs: number, zone: TimeZone): string {
  return new Date(atMs + zone.offsetMinutes(atMs) * 60_000).toISOString();
}
