import { useEffect, useState } from 'react';
import type { FleetView } from '../../console-api';
import { read, Refused } from './api';

const AGAIN_MS = 5_000;
const NOT_LOGGED_IN = 401;

/** The fleet as the server tells of it; null until it did. A lost connection comes back by itself; `onLoggedOut` is called where the session is over. */
export function useLiveFleet(onLoggedOut: () => void): { readonly fleet: FleetView | null; readonly connected: boolean } {
  const [fleet, setFleet] = useState<FleetView | null>(null);
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let events: EventSource | null = null;
    const connect = () => {
      const mine = new EventSource('/api/live');
      events = mine;
      mine.addEventListener('fleet', (event) => setFleet(JSON.parse(event.data as string) as FleetView));
      mine.addEventListener('open', () => setConnected(true));
      mine.addEventListener('error', () => {
        setConnected(false);
        // The browser tries again where nobody answered; where it was refused, it does not.
        if (mine.readyState === EventSource.CLOSED) void askWhy();
      });
    };
    const askWhy = async () => {
      const isOver = await read('/api/session').then(() => false, (error: unknown) => error instanceof Refused && error.status === NOT_LOGGED_IN);
      if (!wanted) return;
      if (isOver) onLoggedOut();
      else timer = setTimeout(connect, AGAIN_MS);
    };
    connect();
    return () => {
      wanted = false;
      clearTimeout(timer);
      events?.close();
    };
  }, [onLoggedOut]);
  return { fleet, connected };
}
