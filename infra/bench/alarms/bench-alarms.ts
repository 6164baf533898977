import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createAwsClients } from '../../../src/adapters/aws/clients';
import type { AwsClients } from '../../../src/adapters/aws/clients';
import { ensureTriggerWiring } from '../../../src/adapters/aws/trigger-wiring';
import { openIntake } from '../../../src/cli/triggers/open-intake';
import { environment, readConfig } from '../../../src/contracts/config';
import type { ForeshiftConfig } from '../../../src/contracts/config';
import { createRandomStream } from '../../../src/domain/seeded-random';
import { DEFAULT_CONSUME_OPTIONS } from '../../../src/triggers/consume-queue';
import { wiringOf } from '../../../src/triggers/install/wiring';
import { parseRules } from '../../../src/triggers/rules-file';
import { createFleet } from '../../local/demo/demo-fleet';
import { startStack } from '../../local/supervisor/start-stack';
import { makeStorm } from './alarm-storm';
import type { Storm } from './alarm-storm';
import { breachLatencies } from './breach-latency';
import { fuzzEndpoint } from './fuzz-endpoint';
import { deadLetters, judgeStorm, left, sendAll, startedByTriggers, untilEmpty } from './message-storm';
import { TriggerServer } from './trigger-server';

const STACK = 'bench-alarms';
const BREACHES = 20;
const STARTS_WITHIN_MS = 5_000;
const STORM = { alarms: 1_500, messages: 10_000 };
const CRASH = { alarms: 200, messages: 1_000 };
const POLLS = DEFAULT_CONSUME_OPTIONS.pollers;
const IN_A_POLL = 10;
const FUZZ_CASES = 50_000;
/** Nobody works on it: what is started stays, and can be counted. */
const NOBODY = 'bench-nobody';
const HOLD_SECONDS = 60;
const MOVE_RULES = { version: 1, rules: [{ name: 'hot', when: { dimensions: { InstanceId: '*' } }, move: {} }] };
const START_RULES = { version: 1, policy: { flapping: { hold: `${HOLD_SECONDS}s` } }, rules: [{ name: 'count', when: {}, start: { workflow: 'shapeFleet', input: { fleet: 'nobody' } } }] };

interface World {
  readonly aws: AwsClients;
  readonly client: Client;
  readonly folder: string;
}

/** Alarms in numbers: how soon a breach becomes a migration, what 10,000 messages become, and what 50,000 bodies do to the endpoint. The exit code is 1 where a target is missed. */
async function main(): Promise<void> {
  const config = readConfig();
  console.log(`load of the machine at the begin: ${loadavg()[0]?.toFixed(2)}`);
  await fuzz();
  const folder = await mkdtemp(join(tmpdir(), 'bench-alarms-'));
  const stack = await startStack({ name: STACK, config, env: environment(), worker: true, onProgress: () => undefined });
  const connection = await Connection.connect({ address: stack.info.temporalAddress });
  try {
    const aws = createAwsClients({ region: config.awsRegion, endpoint: stack.info.awsEndpoint, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'local-cloud-only' } });
    const client = new Client({ connection, namespace: config.temporalNamespace });
    const world = { aws, client, folder };
    await latency(world, stack.info.awsEndpoint, config.taskQueue);
    await direct(world, { ...config, databaseUrl: stack.info.databaseUrl, temporalAddress: stack.info.temporalAddress });
    await storm(world);
    await crash(world);
  } finally {
    await connection.close();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A figure beside its target; the exit code tells of one that is missed. */
function tell(sentence: string, held: boolean): void {
  console.log(`${sentence}: ${held ? 'held' : 'MISSED'}`);
  if (!held) process.exitCode = 1;
}

async function fuzz(): Promise<void> {
  const { cases, statuses, unanswered, casesPerSecond, stillTakes } = await fuzzEndpoint(FUZZ_CASES, createRandomStream(3));
  const failures = [...statuses].filter(([status]) => status >= 500).reduce((sum, [, count]) => sum + count, 0);
  const shown = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} x ${status}`).join(', ');
  tell(`${cases} bodies to the endpoint (${shown}; ${casesPerSecond.toFixed(0)}/s): ${failures} of 5xx, ${unanswered} without an answer, a true message after it ${stillTakes ? 'taken' : 'not taken'}; target 0, 0, taken`, failures === 0 && unanswered === 0 && stillTakes);
}

async function latency({ aws, client, folder }: World, endpoint: string, taskQueue: string): Promise<void> {
  const fleet = await createFleet(endpoint, aws);
  const { queueName } = wiringOf('bench-live');
  await ensureTriggerWiring(aws, wiringOf('bench-live'));
  const server = await TriggerServer.start({ stack: STACK, queue: queueName, folder, rules: MOVE_RULES });
  try {
    const sorted = (await breachLatencies({ cloudwatch: aws.cloudwatch, client, config: { taskQueue }, fleet, breaches: BREACHES })).toSorted((a, b) => a - b);
    const median = ((sorted[BREACHES / 2 - 1] ?? NaN) + (sorted[BREACHES / 2] ?? NaN)) / 2;
    tell(`breach in live traffic to the migration's begin, ${BREACHES} times: median ${median.toFixed(0)} ms, slowest ${sorted.at(-1)?.toFixed(0)} ms; target at most ${STARTS_WITHIN_MS} ms`, median <= STARTS_WITHIN_MS);
  } finally {
    await server.stop();
  }
}

/** The intake without a queue before it: as many bodies at once as the server's long polls bring. */
async function direct({ aws, client }: World, config: ForeshiftConfig): Promise<void> {
  const made = makeStorm('direct', STORM.alarms, STORM.messages, createRandomStream(13), Date.now());
  const before = new Set(await startedByTriggers(client));
  const { intake, close } = await openIntake({ ...config, taskQueue: NOBODY }, aws, parseRules(JSON.stringify(START_RULES)));
  try {
    const beganAtMs = performance.now();
    let at = 0;
    const take = async (): Promise<void> => {
      while (at < made.bodies.length) await intake.handle(made.bodies.slice(at, (at += IN_A_POLL)));
    };
    await Promise.all(Array.from({ length: POLLS }, take));
    const tookSeconds = (performance.now() - beganAtMs) / 1_000;
    for (let second = 0; second < HOLD_SECONDS + 10; second += 1) await Promise.all([intake.sweep(), sleep(1_000)]);
    console.log(`${STORM.messages} messages by the intake alone in ${tookSeconds.toFixed(1)} s, ${(STORM.messages / tookSeconds).toFixed(0)}/s (no target; load ${loadavg()[0]?.toFixed(2)})`);
    judge(`${STORM.messages} messages of ${STORM.alarms} alarms, without a queue`, made, await startedSince(client, before));
  } finally {
    await close();
  }
}

async function storm({ aws, client, folder }: World): Promise<void> {
  const wired = await ensureTriggerWiring(aws, wiringOf('bench-storm'));
  const made = makeStorm('storm', STORM.alarms, STORM.messages, createRandomStream(11), Date.now());
  const before = new Set(await startedByTriggers(client));
  const server = await TriggerServer.start({ stack: STACK, queue: 'bench-storm', folder, rules: START_RULES, taskQueue: NOBODY });
  try {
    const beganAtMs = performance.now();
    await sendAll(aws.sqs, wired.queueUrl, made.bodies);
    await untilEmpty(aws.sqs, wired.queueUrl);
    const tookSeconds = (performance.now() - beganAtMs) / 1_000;
    console.log(`${STORM.messages} messages through the emulated SQS in ${tookSeconds.toFixed(1)} s, ${(STORM.messages / tookSeconds).toFixed(0)}/s, which is the emulator's rate (no target; load ${loadavg()[0]?.toFixed(2)})`);
    await sleep((HOLD_SECONDS + 10) * 1_000);
    judge(`${STORM.messages} messages of ${STORM.alarms} alarms`, made, await startedSince(client, before));
    judgeGarbage(made, await deadLetters(aws.sqs, wired));
  } finally {
    await server.stop();
  }
}

/** The server dies while it works; another takes its place. */
async function crash({ aws, client, folder }: World): Promise<void> {
  const wired = await ensureTriggerWiring(aws, wiringOf('bench-crash'));
  const made = makeStorm('crash', CRASH.alarms, CRASH.messages, createRandomStream(12), Date.now());
  const before = new Set(await startedByTriggers(client));
  const options = { stack: STACK, queue: 'bench-crash', folder, rules: START_RULES, taskQueue: NOBODY };
  const first = await TriggerServer.start(options);
  const half = CRASH.messages / 2;
  await sendAll(aws.sqs, wired.queueUrl, made.bodies.slice(0, half));
  const hidden = await left(aws.sqs, wired.queueUrl);
  await first.stop('SIGKILL');
  const second = await TriggerServer.start(options);
  try {
    await sendAll(aws.sqs, wired.queueUrl, made.bodies.slice(half));
    await untilEmpty(aws.sqs, wired.queueUrl);
    await sleep((HOLD_SECONDS + 10) * 1_000);
    judge(`${CRASH.messages} messages of ${CRASH.alarms} alarms, the server killed half-way with ${hidden} messages there`, made, await startedSince(client, before));
  } finally {
    await second.stop();
  }
}

async function startedSince(client: Client, before: ReadonlySet<string>): Promise<readonly string[]> {
  return (await startedByTriggers(client)).filter((id) => !before.has(id));
}

function judge(what: string, made: Storm, started: readonly string[]): void {
  const { lost, doubled, unexpected, passingStarted } = judgeStorm(made, started);
  tell(`${what}: ${made.real.size} real incidents, ${lost} lost, ${doubled} begun twice, ${unexpected} begun by nothing (${passingStarted} of ${made.passing.size} that were over soon were begun first); target 0, 0, 0`, lost + doubled + unexpected === 0);
}

function judgeGarbage({ garbage }: Storm, letters: readonly { readonly body: string; readonly reason: string }[]): void {
  const same = JSON.stringify(garbage.toSorted()) === JSON.stringify(letters.map(({ body }) => body).toSorted());
  const withReason = letters.filter(({ reason }) => reason.startsWith('not understood: ')).length;
  tell(`${garbage.length} messages of garbage: ${letters.length} dead letters, ${same ? 'the same' : 'NOT the same'}, ${withReason} with a reason; target all, and nothing else`, same && withReason === garbage.length);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
