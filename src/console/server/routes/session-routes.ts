import { Hono } from 'hono';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { LoginWays } from '../../console-api';
import { ConsoleRefusal } from '../console-refusal';
import type { Login } from '../login';
import type { OidcLogin } from '../oidc/oidc-login';
import { loginSchema, parsed } from '../request-schemas';
import type { Sessions } from '../sessions';
import { speakAs } from '../speaking';
import { jsonOf } from './console-env';
import type { ConsoleEnv } from './console-env';

export interface SessionParts {
  readonly login: Login;
  /** Null where there is no single sign-on. */
  readonly oidc: OidcLogin | null;
  readonly sessions: Sessions;
  /** Whether the console is reached by https alone. */
  readonly secure: boolean;
}

const COOKIE = 'foreshift_console';
/** Binds a sign-on to the browser that began it. The way back comes from another site, where a strict cookie would be missing. */
const OIDC_COOKIE = 'foreshift_sign_on';
const CSRF_HEADER = 'x-foreshift-csrf';

/** Ways in, open to everybody: by a token, or through the identity provider. */
export function loginRoutes({ login, oidc, sessions, secure }: SessionParts): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  const enter = (c: Context, person: Parameters<Sessions['open']>[0]): string => {
    const id = sessions.open(person);
    setCookie(c, COOKIE, id, { httpOnly: true, sameSite: 'Strict', path: '/', secure });
    return id;
  };
  app.get('/api/login', (c) => c.json<LoginWays>({ oidc: oidc?.label ?? null }));
  app.post('/api/login', async (c) => {
    const { token } = parsed(loginSchema, await jsonOf(c.req));
    const account = login(token);
    if (account === null) throw new ConsoleRefusal(401, 'token: expected one that is in the users file, or the one of the link that was printed and not used yet');
    return c.json(sessions.find(enter(c, account)));
  });
  if (oidc === null) return app;
  app.get('/oidc/start', async (c) => {
    const begun = await oidc.begin();
    if (begun === null) return c.redirect('/#refused=unreachable');
    setCookie(c, OIDC_COOKIE, begun.state, { httpOnly: true, sameSite: 'Lax', path: '/oidc', secure, maxAge: 600 });
    return c.redirect(begun.url);
  });
  app.get('/oidc/callback', async (c) => {
    const ended = await oidc.finish(new URL(c.req.url).search, getCookie(c, OIDC_COOKIE) ?? null);
    deleteCookie(c, OIDC_COOKIE, { path: '/oidc' });
    if (ended.kind === 'refused') return c.redirect(`/#refused=${ended.why}`);
    enter(c, ended.person);
    return c.redirect('/#/');
  });
  return app;
}

/** Who is not logged in gets no further; what changes something also needs the session's own token. */
export function onlyLoggedIn(sessions: Sessions, { changesNothing = false }: { readonly changesNothing?: boolean } = {}) {
  return createMiddleware<ConsoleEnv>(async (c, next) => {
    const id = getCookie(c as Context, COOKIE);
    const session = sessions.find(id);
    if (session === null || id === undefined) throw new ConsoleRefusal(401, 'not logged in');
    if (c.req.method !== 'GET' && !changesNothing && c.req.header(CSRF_HEADER) !== session.csrfToken) throw new ConsoleRefusal(403, `${CSRF_HEADER}: expected the token of this session`);
    c.set('session', session);
    c.set('sessionId', id);
    await speakAs({ actor: session.name, role: session.role }, next);
  });
}

/** Of who is logged in. */
export function sessionRoutes(sessions: Sessions): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/api/session', (c) => c.json(c.get('session')));
  app.post('/api/logout', (c) => {
    sessions.close(c.get('sessionId'));
    deleteCookie(c, COOKIE, { path: '/' });
    return c.json({ said: 'logged out' });
  });
  return app;
}
