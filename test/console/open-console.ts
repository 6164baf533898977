import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { serve } from '@hono/node-server';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { ROLES } from '../../src/domain/roles';
import { createApp } from '../../src/console/server/create-app';
import { createLiveFleet } from '../../src/console/server/live-fleet';
import { loginByFile } from '../../src/console/server/login';
import type { OidcLogin } from '../../src/console/server/oidc/oidc-login';
import type { ConsolePorts } from '../../src/console/server/ports/console-ports';
import { createSessions } from '../../src/console/server/sessions';

const WEB = join(__dirname, '../../dist/console-web');
const CHROMIUM = process.env['FORESHIFT_CHROMIUM'] ?? (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'chromium')).find(existsSync);

/** Why pages cannot be looked at here; null where they can. */
export const missing = CHROMIUM === undefined ? 'there is no chromium on PATH, nor FORESHIFT_CHROMIUM' : existsSync(join(WEB, 'index.html')) ? null : 'npm run build made no console yet';

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM as string, args: ['--no-sandbox'] });
}

/** Everybody's token is the name of their role. */
const ACCOUNTS = ROLES.map((role) => ({ name: `${role}-ada`, role, tokenSha256: createHash('sha256').update(role).digest('hex') }));

/** A console before a fake of what it reads; single sign-on, where it is wanted, must know its address first. */
export async function openConsole(ports: ConsolePorts, signOn: (url: string) => OidcLogin | null = () => null): Promise<{ readonly url: string; dropConnections(): void; close(): void }> {
  let app: ReturnType<typeof createApp> | null = null;
  const server = serve({ fetch: (request, env) => (app === null ? new Response('not yet', { status: 503 }) : app.fetch(request, env)), hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  app = createApp({ ports, live: createLiveFleet(ports, 50), login: loginByFile(ACCOUNTS), oidc: signOn(url), sessions: createSessions(), webFolder: WEB, secure: false, codec: null });
  const dropConnections = () => {
    if ('closeAllConnections' in server) server.closeAllConnections();
  };
  return { url, dropConnections, close: () => void server.close() };
}

/** What a page complains about: its own errors, and what its content security policy refuses. */
export function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  return problems;
}
