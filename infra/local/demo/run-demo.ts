import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { createAwsClients } from '../../../src/adapters/aws/clients';
import { createAuditLog } from '../../../src/adapters/postgres/audit-log';
import { openTemporal } from '../../../src/adapters/temporal/open-temporal';
import { openDatabase } from '../../../src/adapters/postgres/database';
import type { ForeshiftConfig } from '../../../src/contracts/config';
import { startStack } from '../supervisor/start-stack';
import type { Stack } from '../supervisor/start-stack';
import { describeSingleReport, isSingleScenario, runSingleScenario } from './single-scenarios';
import type { SingleReport, SingleScenarioName } from './single-scenarios';
import { createFleet } from './demo-fleet';
import { prepareScene } from './demo-scene';
import { runScenario } from './scenario';
import type { ScenarioName, ScenarioReport } from './scenario';
import { seedMetrics } from './seed-metrics';

export interface DemoOptions {
  readonly config: ForeshiftConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly stackName: string;
  readonly trace: string | null;
  readonly scenarios: readonly (ScenarioName | SingleScenarioName)[];
  readonly say: (line: string) => void;
  readonly seed: number;
  /** Ends the demo early, and the stack with it. */
  readonly signal: AbortSignal;
}

const LET_GO_MS = 3_000;
const HOT = ['web-2', 'api-2'];
const TITLES: Readonly<Record<ScenarioName | SingleScenarioName, string>> = {
  provision: 'Replicas are provided on request, and come back elsewhere when their zone fails',
  preallocate: 'Capacity is held before it is needed, and a move takes it over when there is none left',
  scale: 'No reservation is to be had: an Auto Scaling group and spot serve until the hold ends, and are as they were then',
  state: 'A service moves with its state, in one short pause',
  resize: 'An instance becomes another type in place, and is what it was where that is not to be had',
  migrate: 'A live instance moves before it runs out',
  rollback: 'The shadow turns bad during the ramp: the move goes back by itself',
};

/** Starts a local cloud, lives the story on it, and reports. Returns the stack, still up, and whether all of it held. */
export async function runDemo(options: DemoOptions): Promise<{ stack: Stack; held: boolean }> {
  const { say, config } = options;
  const startedAtMs = Date.now();
  const took = (): string => `${((Date.now() - startedAtMs) / 1000).toFixed(0)} s`;
  say('Foreshift demo: a predictive migration under live traffic, on this machine alone\n');
  const scenePrepared = prepareScene(options.trace, options.seed);
  scenePrepared.catch(() => undefined);
  const stack = await startStack({
    name: options.stackName,
    config,
    env: options.env,
    worker: true,
    onProgress: (step, state, note) => {
      if (state === 'done') say(`  ✓ ${step}${note ? ` (${note})` : ''}`);
    },
  });
  try {
    const { awsEndpoint, temporalAddress, temporalUi, databaseUrl } = stack.info;
    const aws = createAwsClients({ region: config.awsRegion, endpoint: awsEndpoint, credentials: { accessKeyId: 'DEMO', secretAccessKey: 'local-cloud-only' } });
    say(`The local cloud is up after ${took()}; Temporal UI: ${temporalUi}`);
    const [fleet, scene] = await Promise.all([createFleet(awsEndpoint, aws), scenePrepared]);
    const points = await seedMetrics(awsEndpoint, aws.cloudwatch, fleet, new Set(HOT), scene);
    say(`${fleet.instances.length} instances of 2 services in 2 zones serve behind ${fleet.url}; ${points} points of history lie in CloudWatch (${took()})`);
    say(`The load of ${HOT.join(' and ')}: ${scene.title}. Would it have passed the limit? ${scene.cameTrue}.\n`);

    const { client, connection } = openTemporal({ ...config, temporalAddress, temporalSecured: false });
    const db = openDatabase(databaseUrl);
    try {
      // Every look at a workflow listens for the abort, and there are hundreds.
      setMaxListeners(0, options.signal);
      const reports: ScenarioReport[] = [];
      const singleReports: SingleReport[] = [];
      for (const [i, name] of options.scenarios.entries()) {
        say(`${i + 1}. ${TITLES[name]}`);
        const context = { endpoint: awsEndpoint, temporalUi, taskQueue: config.taskQueue, client, aws, fleet, say };
        if (isSingleScenario(name)) {
          const report = await orAborted(options.signal, connection.withAbortSignal(options.signal, () => runSingleScenario(name, context)));
          for (const line of describeSingleReport(report)) say(line);
          singleReports.push(report);
          continue;
        }
        const report = await orAborted(options.signal, connection.withAbortSignal(options.signal, () => runScenario(name, context)));
        say(`  ${report.violations.length === 0 ? '✓' : '✗'} ${report.result.kind}${'reasons' in report.result ? `: ${report.result.reasons.join('; ')}` : ''}\n`);
        reports.push(report);
      }
      const audit = await createAuditLog(db).verify();
      if (reports.length > 0) say(reportTable(reports));
      say(`Audit: ${audit.records} records, ${audit.intact ? 'chain verified' : `BROKEN: ${audit.problems.join('; ')}`}`);
      for (const report of reports) say(`Temporal UI, ${report.name}: ${report.link}`);
      for (const report of [...reports, ...singleReports]) for (const violation of report.violations) say(`✗ ${report.name}: ${violation}`);
      const held = audit.intact && [...reports, ...singleReports].every((report) => report.violations.length === 0);
      say(`\n${held ? 'All of it held' : 'NOT all of it held'} (${took()}).`);
      return { stack, held };
    } finally {
      await db.destroy();
      await connection.close();
    }
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** The work's result, or the signal's reason once the work has let go of what it held (a bounded while). */
async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const settled = work.catch(() => undefined);
  const aborted = new Promise<never>((_, reject) => {
    const give = (): void => void Promise.race([settled, sleep(LET_GO_MS)]).then(() => reject(signal.reason as Error));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  return Promise.race([settled.then(() => (signal.aborted ? aborted : work)), aborted]);
}

function reportTable(reports: readonly ScenarioReport[]): string {
  const table = new Table({ head: ['', ...reports.map((report) => report.name)], style: { head: [], border: [] } });
  const row = (title: string, cell: (report: ScenarioReport) => string): unknown => table.push([title, ...reports.map(cell)]);
  row('instance', (report) => report.choice);
  row('outcome', (report) => report.result.kind);
  row('requests sent', (report) => String(report.requests));
  row('requests failed', (report) => String(report.failed));
  for (const span of ['before', 'during', 'after'] as const) {
    row(`p50 / p99 ${span}`, (report) => `${report[span].p50Ms.toFixed(1)} / ${report[span].p99Ms.toFixed(1)} ms`);
  }
  row('phases (s)', (report) =>
    'phases' in report.result ? report.result.phases.map((phase) => `${phase.phase} ${(((phase.endedAtMs ?? phase.startedAtMs) - phase.startedAtMs) / 1000).toFixed(1)}`).join('\n') : '',
  );
  row('resources that stay', (report) => report.created.join(', ') || 'none');
  row('left over', (report) => String(report.left.length));
  return table.toString();
}
