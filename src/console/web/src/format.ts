import type { LoadUnit } from '../../../domain/forecast';

const KILO = 1_000;
const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `4.1 KB`; decimal, as the command line tells them. */
export function bytes(count: number): string {
  const power = count < KILO ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log(count) / Math.log(KILO)));
  return `${(count / KILO ** power).toFixed(power === 0 ? 0 : 1)} ${BYTE_UNITS[power]}`;
}

export function percent(value: number, digits = 0): string {
  return `${value.toFixed(digits)} %`;
}

export function usd(value: number): string {
  return `$${value.toFixed(Math.abs(value) < 1 && value !== 0 ? 4 : 2)}`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** `1 move`, `2 moves`. */
export function plural(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? '' : 's'}`;
}

/** A span of time: `850 ms`, `4.2 s`, `3 min`, `2 h 10 min`, `3 d 4 h`. */
export function span(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1_000) return `${Math.round(ms)} ms`;
  if (size < 60_000) return `${(ms / 1_000).toFixed(size < 10_000 ? 1 : 0)} s`;
  if (size < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (size < 86_400_000) return twoParts(ms / 60_000, 60, 'h', 'min');
  return twoParts(ms / 3_600_000, 24, 'd', 'h');
}

function twoParts(small: number, inLarge: number, large: string, unit: string): string {
  const whole = Math.round(small);
  const rest = whole % inLarge;
  return `${Math.trunc(whole / inLarge)} ${large}${rest === 0 ? '' : ` ${rest} ${unit}`}`;
}

/** `in 20 min`, `3 min ago`. */
export function fromNow(atMs: number, nowMs: number): string {
  const ahead = atMs - nowMs;
  return ahead >= 0 ? `in ${span(ahead)}` : `${span(-ahead)} ago`;
}

/** `2026-12-01 04:07:12`, in UTC. */
export function moment(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** A load in its unit. */
export function load(value: number, unit: LoadUnit): string {
  switch (unit) {
    case 'percent':
      return percent(value, 1);
    case 'bytesPerSecond':
      return `${bytes(value)}/s`;
    case 'bytes':
      return bytes(value);
    case 'vcpus':
      return `${value.toFixed(2)} vCPUs`;
  }
}

const METRIC_NAMES: Readonly<Record<string, string>> = { cpuPercent: 'CPU', memoryPercent: 'Memory', networkBytesPerSecond: 'Network out' };

export function metricName(metric: string): string {
  return METRIC_NAMES[metric] ?? metric;
}
