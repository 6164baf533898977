import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { readConfig, type ForeshiftConfig } from '../../../src/contracts/config';
import { ROUTE_MESSAGES, ROUTE_REQUESTS, type RecommendArgs, type RouteRequestsInput, type RouteRequestsResult, type RoutingStatus } from '../../../src/contracts/route-requests';
import { routingWorkflowId } from '../../../src/contracts/workflow-ids';
import type { Arrivals } from './arrivals-main';
import { forecastOutlook } from './forecast-outlook';
import { arrivals, startRoutingStack, type RoutingStack } from './routing-stack';

/** 200 requests a second each: 40 at once, 200 ms each. The neighbour takes 32 of the 40 at its height. */
const SLOTS = 40;
const SERVICE_MS = 200;
const CAPACITY = (SLOTS * 1000) / SERVICE_MS;
const JOB_SLOTS = 32;
const HIGH_PER_SECOND = 50;
const PHASE_MS = 15_000;
/** The recommendation outlives the phase by so much, and then ends by itself. */
const AFTER_MS = 5_000;
/** A generator that is late counts from when a request was due, so that a slow machine shows as slow answers. */
const IDLE_RATIO_AT_MOST = 1.2;
const ENDED_WITHIN_MS = 3_000;
const LOW_ANSWERED_AT_LEAST = 0.99;

interface Scenario {
  readonly title: string;
  readonly lowPerSecond: number;
  /** Whether the others have room for all of it. */
  readonly moved: boolean;
}

const SCENARIOS: readonly Scenario[] = [
  { title: 'room elsewhere', lowPerSecond: 225, moved: true },
  { title: 'no room elsewhere', lowPerSecond: 325, moved: false },
];

interface Phase {
  readonly high: Arrivals;
  readonly low: Arrivals;
}

/** One of three instances is forecast to be overloaded: the same requests with and without Foreshift. The exit code is 1 where a target is missed. */
async function main(config: ForeshiftConfig): Promise<void> {
  const stack = await startRoutingStack({ config, slots: SLOTS, serviceMs: SERVICE_MS });
  try {
    const idle = await arrivals(`${stack.url}/checkout`, HIGH_PER_SECOND, PHASE_MS, 1);
    console.log(`three instances of ${CAPACITY} requests/s, ${HIGH_PER_SECOND} requests/s of high priority; alone their p99 is ${idle.p99Ms.toFixed(0)} ms; load of the machine ${loadavg()[0]?.toFixed(2)}`);
    const table = new Table({ head: ['', '', 'high p50 / p99 ms', 'p99 by idle', 'high refused', 'low sent', 'answered', 'turned away', 'low p99 ms', 'a, b, c answered'], style: { head: [], border: [] } });
    const verdicts: [string, boolean][] = [];
    for (const scenario of SCENARIOS) {
      const without = await overloaded(stack, scenario);
      const { phase: withIt, endedAfterMs, outcome } = await routed(stack, scenario);
      table.push(row(scenario.title, 'without', without, idle), row('', 'with Foreshift', withIt, idle));
      verdicts.push(...judged(scenario, idle, without, withIt), [`${scenario.title}: ended by itself ${endedAfterMs.toFixed(0)} ms after its end (${outcome}), target at most ${ENDED_WITHIN_MS} ms`, endedAfterMs <= ENDED_WITHIN_MS && outcome === 'Expired']);
    }
    console.log(table.toString());
    for (const [sentence, held] of verdicts) console.log(`${sentence}: ${held ? 'held' : 'MISSED'}`);
    if (verdicts.some(([, held]) => !held)) process.exitCode = 1;
  } finally {
    await stack.stop();
  }
}

/** The same requests in the same order, and the neighbour at its height from their begin. */
async function overloaded(stack: RoutingStack, { lowPerSecond }: Scenario): Promise<Phase> {
  await stack.quiet();
  await stack.job('a', JOB_SLOTS);
  const both = Promise.all([arrivals(`${stack.url}/checkout`, HIGH_PER_SECOND, PHASE_MS, 2), arrivals(`${stack.url}/items`, lowPerSecond, PHASE_MS, 3)]);
  await sleep(PHASE_MS);
  // What waits then is answered soon: the next phase begins where nothing waits.
  await stack.job('a', 0);
  const [high, low] = await both;
  return { high, low };
}

async function routed(stack: RoutingStack, scenario: Scenario): Promise<{ phase: Phase; endedAfterMs: number; outcome: string }> {
  await stack.quiet();
  const usual = (HIGH_PER_SECOND + scenario.lowPerSecond) / 3;
  const members = await forecastOutlook(['a', 'b', 'c'].map((memberId) => ({ memberId, capacity: CAPACITY, usual, neighbour: memberId === 'a' ? (CAPACITY * JOB_SLOTS) / SLOTS : 0 })), Date.now());
  const service = 'shop';
  const input: RouteRequestsInput = {
    service,
    balancer: { kind: 'haproxy', name: 'edge', backends: ['web'], mapFile: stack.mapFile },
    members: members.map(({ memberId }) => ({ memberId })),
    classes: [{ name: 'checkout', priority: 'high', backend: 'web_checkout' }, { name: 'browse', priority: 'low', backend: 'web_browse' }],
  };
  const checkout = HIGH_PER_SECOND / (HIGH_PER_SECOND + scenario.lowPerSecond);
  const args: RecommendArgs = { outlook: { atMs: Date.now(), horizonMs: PHASE_MS + AFTER_MS, members, classShares: { checkout, browse: 1 - checkout } } };
  const handle = await stack.client.workflow.signalWithStart(ROUTE_REQUESTS, { taskQueue: 'foreshift', workflowId: routingWorkflowId(service), args: [input], signal: ROUTE_MESSAGES.recommend, signalArgs: [args] });
  const ending = (handle.result() as Promise<RouteRequestsResult>).then(({ outcome }) => ({ outcome, atMs: Date.now() }));
  let status: RoutingStatus;
  do {
    await sleep(50);
    status = await handle.query<RoutingStatus>(ROUTE_MESSAGES.status);
  } while (status.phase === 'waiting');
  console.log(`${scenario.title}: ${status.recommendation?.why.join('; ') ?? 'nothing is recommended'}`);
  const phase = await overloaded(stack, scenario);
  const { outcome, atMs } = await ending;
  // Whoever says so: HAProxy must say it as well.
  const still = await stack.router.deviations({ workflowId: '', runId: '' }, input, null);
  return { phase, endedAfterMs: atMs - (status.recommendation?.untilMs ?? 0), outcome: still.length === 0 ? outcome : still.join('; ') };
}

function judged({ title, moved }: Scenario, idle: Arrivals, without: Phase, withIt: Phase): [string, boolean][] {
  const answered = withIt.low.answered / withIt.low.sent;
  const ratios = [withIt, without].map(({ high }) => high.p99Ms / idle.p99Ms) as [number, number];
  return [
    [`${title}: high priority's p99 is ${ratios[0].toFixed(2)} times its idle value, target at most ${IDLE_RATIO_AT_MOST}; without Foreshift ${ratios[1].toFixed(2)}`, ratios[0] <= IDLE_RATIO_AT_MOST && ratios[1] > IDLE_RATIO_AT_MOST],
    [`${title}: of high priority ${withIt.high.sent - withIt.high.answered} of ${withIt.high.sent} were not answered, target 0`, withIt.high.answered === withIt.high.sent],
    moved
      ? [`${title}: ${(100 * answered).toFixed(1)} % of low priority were answered by the others (a: ${withIt.low.by['a'] ?? 0}), target at least ${100 * LOW_ANSWERED_AT_LEAST} % and none by a`, answered >= LOW_ANSWERED_AT_LEAST && withIt.low.by['a'] === undefined]
      : [`${title}: ${(100 * (1 - answered)).toFixed(1)} % of low priority were turned away with 503, target more than 0 and nothing but that`, (withIt.low.refused['503'] ?? 0) > 0 && (withIt.low.refused['503'] ?? 0) + withIt.low.answered === withIt.low.sent],
  ];
}

function row(title: string, which: string, { high, low }: Phase, idle: Arrivals): (string | number)[] {
  const by = ['a', 'b', 'c'].map((name) => (high.by[name] ?? 0) + (low.by[name] ?? 0)).join(', ');
  return [title, which, `${high.p50Ms.toFixed(0)} / ${high.p99Ms.toFixed(0)}`, (high.p99Ms / idle.p99Ms).toFixed(2), high.sent - high.answered, low.sent, low.answered, low.refused['503'] ?? 0, low.p99Ms.toFixed(0), by];
}

void main(readConfig());
