import type { Directive } from '../control/protocol';
import type { SeenActivity } from '../control/seen-activities';

export type OutageKind = 'worker' | 'temporal' | 'database';
export type OperatorAct = 'cancel' | 'terminate' | 'abort';

/** What is done to an attempt of the activity. */
export type Strike =
  | { readonly kind: 'directive'; readonly directive: Directive }
  /** The attempt waits until what it needs was taken away and, where that can be, is back. */
  | { readonly kind: 'outage'; readonly of: OutageKind; readonly afterMs?: number }
  /** The attempt waits until the operator has done it. */
  | { readonly kind: 'operator'; readonly act: OperatorAct }
  /** Stands still until the attempt has timed out, and then goes on beside the next. */
  | { readonly kind: 'outlive' };

/** What one case does to the activity that it is about. */
export interface Fault {
  readonly name: string;
  readonly at: 'begins' | 'done';
  readonly strike: Strike;
  /** How many attempts it meets; Infinity: all of them. */
  readonly attempts: number;
  /** It ends so long after its first strike. */
  readonly lastsMs?: number;
  /** Times the deadlines of all attempts together: so that "for ever" ends while one waits. */
  readonly deadlineFactor?: number;
  /** `same`: the workflow must end as it does without the fault. `honest`: however it ends, what it says must be so. */
  readonly expects: 'same' | 'honest';
  readonly appliesTo: 'all' | 'remote';
}

const unavailable: Directive = { kind: 'fail', type: 'Unavailable', message: 'a fault of the matrix', isRetryable: true };
const refused: Directive = { kind: 'fail', type: 'Unauthorized', message: 'a refusal of the matrix', isRetryable: false };
const throttled: Directive = { kind: 'fail', type: 'Throttled', message: 'Rate exceeded: a fault of the matrix', isRetryable: true };
const wire = (code: string, status: number): Directive => ({ kind: 'wire', effect: { kind: 'error', code, status, message: `${code}: a fault of the matrix` } });

/** Deadlines of 10 to 30 minutes become 10 to 30 s. */
const SOON = 1 / 60;
const once = { attempts: 1, expects: 'same', appliesTo: 'all' } as const;

/** The faults of the matrix, by name. */
export const FAULTS: readonly Fault[] = [
  { ...once, name: 'error-before', at: 'begins', strike: { kind: 'directive', directive: unavailable } },
  { ...once, name: 'reply-lost', at: 'done', strike: { kind: 'directive', directive: unavailable } },
  { ...once, name: 'aws-reply-lost', at: 'begins', appliesTo: 'remote', strike: { kind: 'directive', directive: { kind: 'wire', effect: { kind: 'dropAfter' } } } },
  { ...once, name: 'refused-before', at: 'begins', strike: { kind: 'directive', directive: refused }, attempts: Infinity, expects: 'honest', appliesTo: 'remote' },
  { ...once, name: 'refused-after', at: 'done', strike: { kind: 'directive', directive: refused }, attempts: Infinity, expects: 'honest', appliesTo: 'remote' },
  { ...once, name: 'fails-for-ever', at: 'begins', strike: { kind: 'directive', directive: unavailable }, attempts: Infinity, deadlineFactor: SOON, expects: 'honest', appliesTo: 'remote' },
  { ...once, name: 'throttled', at: 'begins', strike: { kind: 'directive', directive: throttled }, attempts: Infinity, lastsMs: 60_000 },
  { ...once, name: 'aws-throttled', at: 'begins', appliesTo: 'remote', attempts: 3, strike: { kind: 'directive', directive: wire('RequestLimitExceeded', 503) } },
  { ...once, name: 'slow', at: 'begins', strike: { kind: 'outlive' } },
  { ...once, name: 'cancelled', at: 'begins', strike: { kind: 'operator', act: 'cancel' }, expects: 'honest' },
  { ...once, name: 'aborted', at: 'begins', strike: { kind: 'operator', act: 'abort' }, expects: 'honest' },
  { ...once, name: 'worker-killed-before', at: 'begins', strike: { kind: 'outage', of: 'worker' }, expects: 'honest' },
  { ...once, name: 'worker-killed-during', at: 'begins', strike: { kind: 'outage', of: 'worker', afterMs: 25 }, expects: 'honest' },
  { ...once, name: 'worker-killed-after', at: 'done', strike: { kind: 'outage', of: 'worker' }, expects: 'honest' },
  { ...once, name: 'server-killed', at: 'done', strike: { kind: 'outage', of: 'temporal' }, expects: 'honest' },
  { ...once, name: 'database-down', at: 'begins', strike: { kind: 'outage', of: 'database' }, expects: 'honest' },
];

/** Whether the fault can happen to that activity at all. */
export function canHappen(fault: Fault, seen: SeenActivity): boolean {
  if (fault.appliesTo === 'remote' && seen.isLocal) return false;
  // Where an attempt may take hours, only its missing heartbeat ends it: that is what a killed worker shows.
  return fault.strike.kind !== 'outlive' || (seen.startToCloseMs > 0 && seen.startToCloseMs <= 60_000);
}
