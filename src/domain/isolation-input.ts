import type { PlaceKind } from './isolation';
import { checkFields } from './field-checks';

const WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const text = (value: unknown): string | null => (typeof value === 'string' && value.length > 0 && value.length <= 100 ? null : 'a text of 1 to 100 characters');
const time = (value: unknown): string | null => (typeof value === 'string' && WITH_ZONE.test(value) && !Number.isNaN(Date.parse(value)) ? null : 'a time with its zone, such as "2026-11-26T10:00:00Z"');
const SOURCES = ['operator', 'scheduled-event', 'health', 'rebalance'];

const FIELDS = {
  hostId: text,
  zone: text,
  pool: text,
  reason: (value: unknown) => (typeof value === 'string' && value.length > 0 && value.length <= 300 ? null : 'a text of 1 to 300 characters'),
  until: time,
  deadline: time,
  drain: (value: unknown) => (typeof value === 'boolean' ? null : 'true or false'),
  source: (value: unknown) => (SOURCES.includes(value as string) ? null : SOURCES.map((one) => `"${one}"`).join(', ')),
  lookEveryMs: (value: unknown) => (Number.isInteger(value) && (value as number) >= 500 && (value as number) <= 3_600_000 ? null : 'a whole number from 500 to 3600000'),
};

/** All that is wrong with the input of `isolateHost`, one sentence a field. */
export function checkIsolationInput(input: unknown): string[] {
  const problems = checkFields(input, FIELDS, ['reason'], 'isolateHost');
  const places = typeof input === 'object' && input !== null ? (['hostId', 'zone', 'pool'] as const).filter((name) => (input as Record<string, unknown>)[name] !== undefined) : [];
  return places.length === 1 || problems[0]?.startsWith('isolateHost takes') ? problems : [...problems, `${places.length} places are named; expected exactly one of hostId, zone and pool`];
}

/** What a checked input isolates. */
export function placeOf({ hostId, zone, pool }: { readonly hostId?: string; readonly zone?: string; readonly pool?: string }): { readonly kind: PlaceKind; readonly place: string } {
  if (hostId !== undefined) return { kind: 'host', place: hostId };
  return zone === undefined ? { kind: 'pool', place: pool ?? '' } : { kind: 'zone', place: zone };
}
