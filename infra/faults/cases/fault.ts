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
  /** Its activities are given up after so long, all attempts together, if they have a deadline: so that "for ever" ends while one waits. */
  readonly mostMs?: number;
  /**
   * `same`: the workflow must end as it does without the fault. `whole`: so, or as it was before; to an operator nothing may be left. `honest`:
   * where an act of the way back or past the point of no return cannot be done, something may be left, and must be named.
   */
  readonly expects: 'same' | 'whole' | 'honest';
  readonly appliesTo: 'all' | 'remote' | readonly string[];
}

const unavailable: Directive = { kind: 'fail', type: 'Unavailable', message: 'a fault of the matrix', isRetryable: true };
const refused: Directive = { kind: 'fail', type: 'Unauthorized', message: 'a refusal of the matrix', isRetryable: false };
const throttled: Directive = { kind: 'fail', type: 'Throttled', message: 'Rate exceeded: a fault of the matrix', isRetryable: true };
const wire = (code: string, status: number): Directive => ({ kind: 'wire', effect: { kind: 'error', code, status, message: `${code}: a fault of the matrix` } });

/** Instead of ten minutes to a day. */
const SOON_MS = 20_000;
const once = { attempts: 1, expects: 'same', appliesTo: 'all' } as const;

/** The faults of the matrix, by name. */
export const FAULTS: readonly Fault[] = [
  { ...once, name: 'error-before', at: 'begins', strike: { kind: 'directive', directive: unavailable } },
  { ...once, name: 'reply-lost', at: 'done', strike: { kind: 'directive', directive: unavailable } },
  { ...once, name: 'aws-reply-lost', at: 'begins', appliesTo: 'remote', strike: { kind: 'directive', directive: { kind: 'wire', effect: { kind: 'dropAfter' } } } },
  // Of what AWS said yes to, these alone can tell by looking again whether it is so.
  { ...once, name: 'aws-write-swallowed', at: 'begins', appliesTo: ['setWeights'], strike: { kind: 'directive', directive: { kind: 'wire', effect: { kind: 'swallow' } } } },
  { ...once, name: 'refused-before', at: 'begins', strike: { kind: 'directive', directive: refused }, attempts: Infinity, expects: 'honest', appliesTo: 'remote' },
  { ...once, name: 'refused-after', at: 'done', strike: { kind: 'directive', directive: refused }, attempts: Infinity, expects: 'honest', appliesTo: 'remote' },
  { ...once, name: 'fails-for-ever', at: 'begins', strike: { kind: 'directive', directive: unavailable }, attempts: Infinity, mostMs: SOON_MS, expects: 'honest', appliesTo: 'remote' },
  { ...once, name: 'throttled', at: 'begins', strike: { kind: 'directive', directive: throttled }, attempts: Infinity, lastsMs: 60_000 },
  { ...once, name: 'aws-throttled', at: 'begins', appliesTo: 'remote', attempts: 3, strike: { kind: 'directive', directive: wire('RequestLimitExceeded', 503) } },
  { ...once, name: 'slow', at: 'begins', strike: { kind: 'outlive' } },
  { ...once, name: 'cancelled', at: 'begins', strike: { kind: 'operator', act: 'cancel' }, expects: 'whole' },
  { ...once, name: 'aborted', at: 'begins', strike: { kind: 'operator', act: 'abort' }, expects: 'whole' },
  // The attempt goes on without its workflow: whatever it makes then is nobody's.
  { ...once, name: 'terminated', at: 'begins', strike: { kind: 'operator', act: 'terminate' }, expects: 'whole' },
  { ...once, name: 'worker-killed-before', at: 'begins', strike: { kind: 'outage', of: 'worker' }, expects: 'whole' },
  { ...once, name: 'worker-killed-during', at: 'begins', strike: { kind: 'outage', of: 'worker', afterMs: 25 }, expects: 'whole' },
  { ...once, name: 'worker-killed-after', at: 'done', strike: { kind: 'outage', of: 'worker' }, expects: 'whole' },
  { ...once, name: 'server-killed', at: 'done', strike: { kind: 'outage', of: 'temporal' }, expects: 'whole' },
  { ...once, name: 'database-down', at: 'begins', strike: { kind: 'outage', of: 'database' }, expects: 'whole' },
];

/** Steps of the worker's own that no AWS is asked for: they may fail for a moment, and nobody refuses them. */
const IN_PROCESS = new Set(['resolvePolicy', 'recordAudit', 'recordAudits']);

/** Whether the fault can happen to that activity at all. */
export function canHappen(fault: Fault, seen: SeenActivity): boolean {
  if (fault.appliesTo === 'remote' && (seen.isLocal || IN_PROCESS.has(seen.activity))) return false;
  if (typeof fault.appliesTo === 'object' && !fault.appliesTo.includes(seen.activity)) return false;
  // Where an attempt may take hours, only its missing heartbeat ends it: that is what a killed worker shows.
  return fault.strike.kind !== 'outlive' || (seen.startToCloseMs > 0 && seen.startToCloseMs <= 60_000);
}
