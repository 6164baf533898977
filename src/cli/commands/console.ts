import { once } from 'node:events';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Command } from 'commander';
import { runningStack } from '../../../infra/local/supervisor/stack-file';
import { ensureSchema } from '../../adapters/postgres/schema';
import { dataConverterOf } from '../../adapters/temporal/open-temporal';
import { readUsersFile } from '../../console/server/accounts';
import { createApp, type ConsoleParts } from '../../console/server/create-app';
import { createLiveFleet } from '../../console/server/live-fleet';
import { loginByFile, loginOnce } from '../../console/server/login';
import { readOidcFile } from '../../console/server/oidc/oidc-config';
import { createOidcLogin, type OidcLogin } from '../../console/server/oidc/oidc-login';
import { openConsolePorts } from '../../console/server/ports/open-console-ports';
import { createSessions } from '../../console/server/sessions';
import { speaker } from '../../console/server/speaking';
import type { ForeshiftConfig } from '../../contracts/config';
import { suggestFleetShapes } from '../console/suggest-fleet-shapes';
import { resolveConfig, withClient, withDatabase } from '../environment';
import { wholeNumber } from '../parse-options';
import { isLoopback } from '../is-loopback';
import { WrongUsage } from '../report-failure';
import { stopSignal } from '../until-told-to-stop';

interface ConsoleOptions {
  readonly host: string;
  readonly port: number;
  readonly users?: string;
  readonly oidc?: string;
  readonly publicUrl?: string;
  readonly temporalUi?: string;
  readonly stack: string;
}

const LIVE_EVERY_MS = 1_000;
const LOOPBACK = '127.0.0.1';

/** `foreshift console` */
export function consoleCommand(): Command {
  return new Command('console')
    .description('The web console: the fleet live and ahead, plans to approve, each migration\'s story, forecasts, capacity, the audit')
    .option('--host <address>', 'another address to listen on: for a proxy on another machine, with an https --public-url', LOOPBACK)
    .option('--port <n>', 'port; 0 takes a free one', wholeNumber(0), 8_480)
    .option('--users <file>', 'who may log in by a token, as what (docs/console.md); without it and --oidc: one link, which logs in once, as admin')
    .option('--oidc <file>', 'the identity provider for single sign-on, and what its claims allow (docs/console.md)')
    .option('--public-url <url>', `where browsers reach it, if not at http://${LOOPBACK} and its port: behind a proxy that speaks https`)
    .option('--temporal-ui <url>', 'where the Temporal UI is, to link to; default: that of the local cloud')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .addHelpText('after', '\nExamples:\n  foreshift console\n  foreshift console --users users.json --port 9000\n  foreshift console --oidc oidc.json --public-url https://foreshift.example.com')
    .action(run);
}

async function run({ host, port, users, oidc, publicUrl, temporalUi, stack }: ConsoleOptions): Promise<void> {
  const single = users === undefined && oidc === undefined ? loginOnce('console') : null;
  const origin = originOf(publicUrl) ?? `http://${LOOPBACK}:${port}`;
  checkHost(host, origin, single !== null);
  const login = single?.login ?? loginByFile(users === undefined ? [] : await readUsersFile(users));
  const signOn = oidc === undefined ? null : await openSignOn(oidc, origin, port === 0 && publicUrl === undefined);
  const { home } = await resolveConfig(stack);
  const ui = temporalUi ?? (await runningStack(home, stack))?.temporalUi ?? null;
  const signal = stopSignal();
  await withClient(stack, (client, config) =>
    withDatabase(stack, async (db) => {
      await ensureSchema(db);
      const { temporalNamespace, auditKey } = config;
      const ports = openConsolePorts(client, db, { namespace: temporalNamespace, temporalUi: ui, auditKey, suggestShapes: suggestFleetShapes(stack) });
      const webFolder = join(__dirname, '../../../console-web');
      const app = createApp({ ports, live: createLiveFleet(ports, LIVE_EVERY_MS), login, oidc: signOn, sessions: createSessions(), codec: codecOf(config, ui), webFolder, secure: origin.startsWith('https:') });
      const server = serve({ fetch: app.fetch, hostname: host, port }, (address) => {
        const url = publicUrl === undefined ? `http://${LOOPBACK}:${address.port}/` : `${origin}/ (and http://${host}:${address.port}/)`;
        console.log(single === null ? `The console is at ${url}` : `The console is at ${url}\nLog in, once, by: http://${LOOPBACK}:${address.port}/#login=${single.token}`);
      });
      await Promise.race([once(server, 'close'), once(signal, 'abort')]);
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    }),
    speaker,
  );
}

/** What the Temporal UI needs to read what is stored encrypted. */
function codecOf(config: ForeshiftConfig, ui: string | null): ConsoleParts['codec'] {
  const [codec] = dataConverterOf(config).payloadCodecs ?? [];
  return codec === undefined ? null : { codec, uiOrigin: ui === null ? null : new URL(ui).origin };
}

async function openSignOn(file: string, origin: string, portIsFree: boolean): Promise<OidcLogin> {
  if (portIsFree) throw new WrongUsage('--oidc: the provider must know where to send browsers back to; expected a --port, or --public-url');
  return createOidcLogin(await readOidcFile(file), `${origin}/oidc/callback`, (sentence) => console.error(sentence));
}

/** In the open the console is never without a login and https, the proxy's. */
function checkHost(host: string, origin: string, loginOnly: boolean): void {
  if (isIP(host) === 0) throw new WrongUsage(`--host is "${host}"; expected an IP address, such as 0.0.0.0`);
  if (isLoopback(host)) return;
  if (!origin.startsWith('https:')) throw new WrongUsage(`--host is ${host}; expected an https --public-url with it: the proxy speaks https, the console does not`);
  if (loginOnly) throw new WrongUsage(`--host is ${host}; expected --users or --oidc with it: a link that logs in is for this machine alone`);
}

function originOf(publicUrl: string | undefined): string | null {
  if (publicUrl === undefined) return null;
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') throw new WrongUsage(`--public-url: expected an address such as https://foreshift.example.com, got "${publicUrl}"`);
  return url.origin;
}
