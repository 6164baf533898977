import { useEffect, useState, useSyncExternalStore } from 'react';
import { read, sentenceOf } from './api';

/** What came of reading: while it is read anew, and where that fails, what was read before stays. */
export interface Reading<T> {
  readonly value: T | null;
  readonly error: string | null;
}

/** What is at `path`, read anew whenever `version` changes and every `everyMs`; nothing is read for null. */
export function useRead<T>(path: string | null, { version = 0, everyMs }: { readonly version?: unknown; readonly everyMs?: number } = {}): Reading<T> {
  const [got, setGot] = useState<(Reading<T> & { readonly path: string }) | null>(null);
  useEffect(() => {
    if (path === null) return;
    let wanted = true;
    const ask = () =>
      read<T>(path).then(
        (value) => wanted && setGot({ path, value, error: null }),
        (error: unknown) => wanted && setGot((before) => ({ path, value: before?.path === path ? before.value : null, error: sentenceOf(error) })),
      );
    void ask();
    const timer = everyMs === undefined ? undefined : setInterval(() => void ask(), everyMs);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [path, version, everyMs]);
  return got !== null && got.path === path ? got : { value: null, error: null };
}

/** The part of the address after #, which says which page is shown. */
export function useHash(): string {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash.slice(1),
  );
}

/** Now, again and again: spans on the page count on. */
export function useNow(everyMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
