import { once } from 'node:events';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Command } from 'commander';
import { runningStack } from '../../../infra/local/supervisor/stack-file';
import { readUsersFile } from '../../console/server/accounts';
import { createApp } from '../../console/server/create-app';
import { createLiveFleet } from '../../console/server/live-fleet';
import { loginByFile, loginOnce } from '../../console/server/login';
import { openConsolePorts } from '../../console/server/open-console-ports';
import { createSessions } from '../../console/server/sessions';
import { resolveConfig, withClient, withDatabase } from '../environment';
import { wholeNumber } from '../parse-options';
import { stopSignal } from '../until-told-to-stop';

interface ConsoleOptions {
  readonly port: number;
  readonly users?: string;
  readonly temporalUi?: string;
  readonly stack: string;
}

const LIVE_EVERY_MS = 1_000;
const LOOPBACK = '127.0.0.1';

/** `foreshift console` */
export function consoleCommand(): Command {
  return new Command('console')
    .description('The web console: the fleet live, plans to approve, each migration\'s story, the audit')
    .option('--port <n>', `port on ${LOOPBACK}; 0 takes a free one`, wholeNumber(0), 8_480)
    .option('--users <file>', 'who may log in, as what (docs/console.md); default: one link, which logs in once, as admin')
    .option('--temporal-ui <url>', 'where the Temporal UI is, to link to; default: that of the local cloud')
    .option('--stack <name>', 'the local cloud to use', 'default')
    .addHelpText('after', '\nExamples:\n  foreshift console\n  foreshift console --users users.json --port 9000')
    .action(run);
}

async function run({ port, users, temporalUi, stack }: ConsoleOptions): Promise<void> {
  const single = loginOnce('console');
  const login = users === undefined ? single.login : loginByFile(await readUsersFile(users));
  const { home } = await resolveConfig(stack);
  const ui = temporalUi ?? (await runningStack(home, stack))?.temporalUi ?? null;
  const signal = stopSignal();
  await withClient(stack, (client, { temporalNamespace }) =>
    withDatabase(stack, async (db) => {
      const ports = openConsolePorts(client, db, { namespace: temporalNamespace, temporalUi: ui });
      const webFolder = join(__dirname, '../../../console-web');
      const app = createApp({ ports, live: createLiveFleet(ports, LIVE_EVERY_MS), login, sessions: createSessions(), webFolder, secure: false });
      const server = serve({ fetch: app.fetch, hostname: LOOPBACK, port }, (address) => {
        const url = `http://${LOOPBACK}:${address.port}/`;
        console.log(users === undefined ? `The console is at ${url}\nLog in, once, by: ${url}#login=${single.token}` : `The console is at ${url}`);
      });
      await Promise.race([once(server, 'close'), once(signal, 'abort')]);
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    }),
  );
}
