import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import type { PayloadCodec } from '@temporalio/common';
import { atMost } from './at-most';
import { ConsoleRefusal } from './console-refusal';
import type { LiveFleet } from './live-fleet';
import type { ConsolePorts } from './ports/console-ports';
import { actRoutes } from './routes/act-routes';
import { approvalRoutes } from './routes/approval-routes';
import { codecRoutes } from './routes/codec-routes';
import type { ConsoleEnv } from './routes/console-env';
import { liveRoute } from './routes/live-route';
import { readRoutes } from './routes/read-routes';
import { loginRoutes, onlyLoggedIn, sessionRoutes } from './routes/session-routes';
import type { SessionParts } from './routes/session-routes';

export interface ConsoleParts extends SessionParts {
  readonly ports: ConsolePorts;
  readonly live: LiveFleet;
  /** What Temporal stores is encrypted by it, and may be read from the Temporal UI's origin; null where it is not encrypted. */
  readonly codec: { readonly codec: PayloadCodec; readonly uiOrigin: string | null } | null;
  /** Folder of the built web part. */
  readonly webFolder: string;
}

const MOST_BODY_BYTES = 16 * 1_024;

/** The console's HTTP face. Who acts is who is logged in; a request's body cannot say otherwise. */
export function createApp({ ports, live, codec, webFolder, ...session }: ConsoleParts): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'"], connectSrc: ["'self'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      strictTransportSecurity: session.secure ? 'max-age=31536000' : false,
    }),
  );
  app.use('/api/*', atMost(MOST_BODY_BYTES));
  app.use('*', async (c, next) => {
    await next();
    if (/^\/(api|oidc)\//.test(c.req.path)) c.header('cache-control', 'no-store');
    // The names of what is built tell its content. One that is not there may come back.
    else if (c.req.path.startsWith('/assets/') && c.res.ok) c.header('cache-control', 'public, max-age=31536000, immutable');
  });
  // The live stream must not be held back to be compressed.
  app.on('GET', ['/assets/*', '/api/instances', '/api/instances/*', '/api/migrations/*', '/api/plans/*', '/api/audit', '/api/profiles', '/api/queues'], compress());
  app.onError((error, c) => (error instanceof ConsoleRefusal ? c.json({ error: error.message }, error.status) : c.json({ error: error.message }, 502)));

  app.route('/', loginRoutes(session));
  app.route('/', approvalRoutes(ports));
  if (codec !== null) app.route('/', codecRoutes(codec.codec, codec.uiOrigin, onlyLoggedIn(session.sessions, { changesNothing: true })));
  app.use('/api/*', onlyLoggedIn(session.sessions));
  for (const routes of [sessionRoutes(session.sessions), liveRoute(live, session.sessions), readRoutes(ports), actRoutes(ports)]) app.route('/', routes);
  app.all('/api/*', () => {
    throw new ConsoleRefusal(404, 'there is no such address');
  });
  app.get('*', serveStatic({ root: webFolder }));
  return app;
}
