import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon';

type Kind = 'bad' | 'good' | 'warn' | 'info';

const ICONS: Readonly<Record<Kind, IconName>> = { bad: 'alert', good: 'check', warn: 'alert', info: 'info' };

/** A sentence that must not be overlooked. */
export function Notice({ kind, children }: { readonly kind: Kind; readonly children: ReactNode }): ReactNode {
  return <div className={`notice ${kind}`} role={kind === 'bad' ? 'alert' : undefined}><Icon name={ICONS[kind]} size={16} /><div>{children}</div></div>;
}

export function Loading({ what }: { readonly what: string }): ReactNode {
  return <p className="loading" role="status"><i aria-hidden="true" />Reading {what} ...</p>;
}

/** Nothing is there yet, and how it comes to be. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return <div className="empty"><strong>{title}</strong>{children !== undefined && <span>{children}</span>}</div>;
}

/** What is shown of a reading before there is something, or beside it where it has grown old. */
export function ReadingState({ error, loaded, what }: { readonly error: string | null; readonly loaded: boolean; readonly what: string }): ReactNode {
  if (error !== null) return <Notice kind="bad">{loaded ? `What is shown is old: ${error}` : `${capital(what)} cannot be read: ${error}`}</Notice>;
  return loaded ? null : <Loading what={what} />;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
