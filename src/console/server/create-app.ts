import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';
import { stream, streamSSE } from 'hono/streaming';
import { mayDo } from '../console-api';
import type { FleetView, Role, SessionInfo } from '../console-api';
import { ConsoleRefusal } from './console-ports';
import type { ConsolePorts } from './console-ports';
import type { LiveFleet } from './live-fleet';
import type { Login } from './login';
import { auditFilterOf, hashSchema, loginSchema, parsed, reasonSchema } from './request-schemas';
import type { Sessions } from './sessions';

export interface ConsoleParts {
  readonly ports: ConsolePorts;
  readonly live: LiveFleet;
  readonly login: Login;
  readonly sessions: Sessions;
  /** Folder of the built web part. */
  readonly webFolder: string;
  /** Whether the console is reached by https alone. */
  readonly secure: boolean;
}

interface Env {
  Variables: { session: SessionInfo; sessionId: string };
}

const COOKIE = 'foreshift_console';
const CSRF_HEADER = 'x-foreshift-csrf';
const MOST_BODY_BYTES = 16 * 1_024;
const AUDIT_PAGE = 200;
const HEARTBEAT_MS = 15_000;

/** The console's HTTP face. Who acts is who is logged in; a request's body cannot say otherwise. */
export function createApp({ ports, live, login, sessions, webFolder, secure }: ConsoleParts): Hono<Env> {
  const app = new Hono<Env>();
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'"], connectSrc: ["'self'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      strictTransportSecurity: secure ? 'max-age=31536000' : false,
    }),
  );
  app.use('/api/*', bodyLimit({ maxSize: MOST_BODY_BYTES }));
  app.use('/api/*', async (c, next) => {
    c.header('cache-control', 'no-store');
    await next();
  });
  app.onError((error, c) => {
    if (error instanceof ConsoleRefusal) return c.json({ error: error.message }, error.status);
    return c.json({ error: error.message }, 502);
  });

  app.post('/api/login', async (c) => {
    const { token } = parsed(loginSchema, await jsonOf(c.req));
    const account = login(token);
    if (account === null) throw new ConsoleRefusal(401, 'token: expected one that is in the users file, or the one of the link that was printed and not used yet');
    const id = sessions.open(account);
    setCookie(c, COOKIE, id, { httpOnly: true, sameSite: 'Strict', path: '/', secure });
    return c.json(sessions.find(id));
  });

  app.use('/api/*', async (c, next) => {
    const id = getCookie(c as Context, COOKIE);
    const session = sessions.find(id);
    if (session === null || id === undefined) throw new ConsoleRefusal(401, 'not logged in');
    if (c.req.method !== 'GET' && c.req.header(CSRF_HEADER) !== session.csrfToken) throw new ConsoleRefusal(403, `${CSRF_HEADER}: expected the token of this session`);
    c.set('session', session);
    c.set('sessionId', id);
    await next();
  });

  app.get('/api/session', (c) => c.json(c.get('session')));
  app.post('/api/logout', (c) => {
    sessions.close(c.get('sessionId'));
    deleteCookie(c, COOKIE, { path: '/' });
    return c.json({ said: 'logged out' });
  });
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

  app.get('/api/migrations/:id', async (c) => c.json(found(await ports.readMigration(c.req.param('id')), `no migration of ${c.req.param('id')} is known`)));
  app.get('/api/plans/:id', async (c) => c.json(found(await ports.readPlan(c.req.param('id')), `there is no plan ${c.req.param('id')}`)));
  app.get('/api/audit', async (c) => c.json(await ports.searchAudit({ ...auditFilterOf(c.req.query()), limit: AUDIT_PAGE })));
  app.get('/api/audit/verify', async (c) => c.json(await ports.verifyAudit()));
  app.get('/api/audit/export', (c) => {
    const filter = auditFilterOf(c.req.query());
    c.header('content-type', 'application/x-ndjson');
    c.header('content-disposition', 'attachment; filename="audit.jsonl"');
    return stream(c, async (out) => {
      for await (const record of ports.exportAudit(filter)) {
        if (out.aborted) return;
        await out.write(`${JSON.stringify(record)}\n`);
      }
    });
  });

  app.post('/api/migrations/:id/abort', atLeast('operator'), async (c) => {
    const { reason } = parsed(reasonSchema, await jsonOf(c.req));
    return c.json({ said: await ports.abortMigration(c.req.param('id'), { reason, by: c.get('session').name }) });
  });
  app.post('/api/migrations/:id/approve', atLeast('approver'), async (c) => {
    const { planHash } = parsed(hashSchema, await jsonOf(c.req));
    return c.json({ said: await ports.approveMigration(c.req.param('id'), { planHash, by: c.get('session').name }) });
  });
  app.post('/api/plans/:id/approve', atLeast('approver'), async (c) => {
    const { planHash } = parsed(hashSchema, await jsonOf(c.req));
    return c.json({ said: await ports.approvePlan(c.req.param('id'), { planHash, by: c.get('session').name }) });
  });
  app.post('/api/plans/:id/decline', atLeast('approver'), async (c) => {
    const { reason } = parsed(reasonSchema, await jsonOf(c.req));
    return c.json({ said: await ports.declinePlan(c.req.param('id'), { reason, by: c.get('session').name }) });
  });
  app.all('/api/*', () => {
    throw new ConsoleRefusal(404, 'there is no such address');
  });
  app.use('/assets/*', compress());
  app.get('*', serveStatic({ root: webFolder }));
  return app;
}

function atLeast(least: Role) {
  return createMiddleware<Env>(async (c, next) => {
    const { role } = c.get('session');
    if (!mayDo(role, least)) throw new ConsoleRefusal(403, `this takes the role ${least}; you are ${role}`);
    await next();
  });
}

async function jsonOf(request: { json(): Promise<unknown> }): Promise<unknown> {
  return request.json().catch(() => {
    throw new ConsoleRefusal(400, 'request: expected JSON');
  });
}

function found<T>(value: T | null, otherwise: string): T {
  if (value === null) throw new ConsoleRefusal(404, otherwise);
  return value;
}
