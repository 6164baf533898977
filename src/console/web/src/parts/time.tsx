import type { ReactNode } from 'react';
import { fromNow, moment } from '../format';

/** A time, in UTC; of today without its day. `nowMs` also tells how far it is from now. */
export function Time({ ms, nowMs }: { readonly ms: number; readonly nowMs?: number }): ReactNode {
  const whole = moment(ms);
  const today = whole.slice(0, 10) === moment(Date.now()).slice(0, 10);
  return <time dateTime={new Date(ms).toISOString()} title={`${whole} UTC`}>{today ? whole.slice(11) : whole}{nowMs !== undefined && <span className="sub">{fromNow(ms, nowMs)}</span>}</time>;
}
