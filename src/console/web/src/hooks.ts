import { useEffect, useState, useSyncExternalStore } from 'react';
import type { FleetView } from '../../console-api';
import { read } from './api';

/** The fleet as the server tells of it; null until it did. A lost connection comes back by itself. */
export function useLiveFleet(): { readonly fleet: FleetView | null; readonly connected: boolean } {
  const [fleet, setFleet] = useState<FleetView | null>(null);
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const events = new EventSource('/api/live');
    events.addEventListener('fleet', (event) => setFleet(JSON.parse(event.data as string) as FleetView));
    events.addEventListener('open', () => setConnected(true));
    events.addEventListener('error', () => setConnected(false));
    return () => events.close();
  }, []);
  return { fleet, connected };
}

/** What is at `path`, read anew whenever `version` changes; what was read before stays until then. */
export function useRead<T>(path: string, version: unknown = 0): { readonly value: T | null; readonly error: string | null } {
  const [got, setGot] = useState<{ readonly path: string; readonly value: T | null; readonly error: string | null } | null>(null);
  useEffect(() => {
    let wanted = true;
    read<T>(path).then(
      (value) => wanted && setGot({ path, value, error: null }),
      (error: unknown) => wanted && setGot({ path, value: null, error: String(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [path, version]);
  return got?.path === path ? got : { value: null, error: null };
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
