import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { FleetView } from '../../console-api';
import type { LiveFleet } from '../live-fleet';
import type { Sessions } from '../sessions';
import type { ConsoleEnv } from './console-env';

const HEARTBEAT_MS = 15_000;

/** Sends what changed, for as long as the session lasts. */
export function liveRoute(live: LiveFleet, sessions: Sessions): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/api/live', (c) => {
    // Told to every proxy between: what is held back is no live update.
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (events) => {
      const send = (view: FleetView) => void events.writeSSE({ event: 'fleet', data: JSON.stringify(view) });
      const leave = live.follow(send);
      events.onAbort(leave);
      // A session that ended, or was closed, hears no more.
      while (!events.aborted && sessions.find(c.get('sessionId')) !== null) {
        await events.sleep(HEARTBEAT_MS);
        if (!events.aborted) await events.writeSSE({ event: 'beat', data: '' });
      }
      leave();
    });
  });
  return app;
}
