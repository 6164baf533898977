import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { AwsClients } from '../../../src/adapters/aws/clients';
import { followMigration } from '../../../src/cli/watch/follow-migration';
import type { MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import { SHAPE_FLEET } from '../../../src/contracts/shape-fleet';
import type { ShapeFleetResult } from '../../../src/contracts/shape-fleet';
import type { LoadRun, LoadStats } from '../load/load-generator';
import { control } from './control-client';
import type { DemoFleet } from './demo-fleet';
import { REQUESTS_PER_SECOND, combined, startLoads } from './demo-load';
import { leftOver, takeInventory } from './inventory';

export interface ScenarioContext {
  readonly endpoint: string;
  readonly temporalUi: string;
  readonly taskQueue: string;
  readonly client: Client;
  readonly aws: AwsClients;
  readonly fleet: DemoFleet;
  readonly say: (line: string) => void;
}

export interface ScenarioReport {
  readonly name: ScenarioName;
  readonly choice: string;
  readonly result: MigrateInstanceResult;
  readonly requests: number;
  readonly failed: number;
  readonly firstFailures: readonly string[];
  readonly before: LoadStats;
  readonly during: LoadStats;
  readonly after: LoadStats;
  readonly created: readonly string[];
  readonly left: readonly string[];
  readonly link: string;
  /** Everything that should have held and did not. */
  readonly violations: readonly string[];
}

export type ScenarioName = 'migrate' | 'rollback';

const MIN_REQUESTS = 20_000;
const QUIET_MS = 5_000;
const LOOK_EVERY_MS = 250;
const SLOW_MS = 250;
/** When the shadow takes this much, it turns bad. */
const BAD_FROM_PERCENT = 25;
const DAY_MS = 86_400_000;
const BEGIN_WITHIN_MS = 60_000;

/** One tick finds the instance that will run out and moves it while clients keep asking; or the move goes back. */
export async function runScenario(name: ScenarioName, context: ScenarioContext): Promise<ScenarioReport> {
  const { endpoint, client, aws, fleet, say } = context;
  const before = await takeInventory(endpoint, aws.elb);
  const loads = startLoads(fleet.url);
  try {
    await sleep(QUIET_MS);
    say(`${REQUESTS_PER_SECOND} requests/s run; the control tick looks at ${fleet.instances.length} instances`);
    const tick = await client.workflow.execute(SHAPE_FLEET, {
      taskQueue: context.taskQueue,
      workflowId: `fleet/demo/tick-${name}`,
      // Due at once, and nothing else is touched: the demo shows one move.
      args: [{ fleet: 'demo', mode: 'act', policy: { maxMoves: 1, shrink: false, startEarlyMs: DAY_MS } }],
      staticSummary: `Demo tick: ${name}`,
    }) as ShapeFleetResult;
    for (const move of tick.top) say(`  → ${move.kind} ${move.name}: ${move.reason}`);
    say(`  ${tick.instances - tick.moves} of ${tick.instances} instances stay (foreshift explain ${tick.planId})`);
    const [chosen] = tick.top;
    if (chosen === undefined) throw new Error('the tick found no instance that runs out');
    const workflowId = `migration/${chosen.instanceId}`;
    const link = `${context.temporalUi}/namespaces/default/workflows/${encodeURIComponent(workflowId)}`;
    say(`  ${link}`);
    const startedAtMs = Date.now();
    const handle = client.workflow.getHandle(workflowId);
    await untilBegun(handle);
    const result = await follow(handle, context, name === 'rollback');
    const endedAtMs = Date.now();
    await untilEnough(loads, say);
    const summaries = await Promise.all(loads.map((load) => load.stop()));
    const inventory = await takeInventory(endpoint, aws.elb);
    const replacement = result.kind === 'Completed' ? [result.replacementId] : [];
    const left = leftOver(before, inventory, replacement);
    const failed = summaries.reduce((sum, summary) => sum + summary.failed + summary.unfinished, 0);
    const requests = summaries.reduce((sum, summary) => sum + summary.started, 0);
    const report = {
      name,
      choice: `${chosen.name} (${chosen.instanceId})`,
      result,
      requests,
      failed,
      firstFailures: summaries.flatMap((summary) => summary.firstFailures.map((failure) => `${new Date(failure.atMs).toISOString()} ${String(failure.outcome)}`)),
      before: combined(loads, 0, startedAtMs),
      during: combined(loads, startedAtMs, endedAtMs),
      after: combined(loads, endedAtMs, Number.POSITIVE_INFINITY),
      created: replacement,
      left,
      link,
    };
    return { ...report, violations: await violationsOf(report, context, chosen.instanceId) };
  } finally {
    await Promise.allSettled(loads.map((load) => load.stop()));
  }
}

/** Tells the story, and makes the shadow slow where the scenario wants it. */
async function follow(handle: WorkflowHandle, context: ScenarioContext, turnBad: boolean): Promise<MigrateInstanceResult> {
  let bad = false;
  await followMigration(handle, context.say, async (status) => {
    if (!turnBad || bad || status.shadowId === null || status.shadowPercent < BAD_FROM_PERCENT) return;
    bad = true;
    context.say(`  !! at ${status.shadowPercent} % the shadow turns bad: every answer takes ${SLOW_MS} ms longer`);
    await slowDown(context, status.shadowId);
  });
  return (await handle.result()) as MigrateInstanceResult;
}

/** The queue begins the move, which is a moment after the tick has handed it over. */
async function untilBegun(handle: WorkflowHandle): Promise<void> {
  const giveUpAtMs = Date.now() + BEGIN_WITHIN_MS;
  for (;;) {
    try {
      await handle.describe();
      return;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || Date.now() > giveUpAtMs) throw error;
      await sleep(LOOK_EVERY_MS);
    }
  }
}

async function slowDown({ aws }: ScenarioContext, instanceId: string): Promise<void> {
  const answer = await aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const address = answer.Reservations?.[0]?.Instances?.[0]?.PrivateIpAddress;
  await fetch(`http://${address}:8080/_demo/latency?ms=${SLOW_MS}`, { method: 'PUT' });
}

/** A few seconds after the end, and until the promised number of requests was sent. */
async function untilEnough(loads: readonly LoadRun[], say: (line: string) => void): Promise<void> {
  await sleep(QUIET_MS);
  const sent = (): number => loads.reduce((sum, load) => sum + load.stats().sent, 0);
  if (sent() < MIN_REQUESTS) say(`  … ${sent()} requests so far; the load goes on to ${MIN_REQUESTS}`);
  while (sent() < MIN_REQUESTS) await sleep(LOOK_EVERY_MS);
}

async function violationsOf(report: Omit<ScenarioReport, 'violations'>, context: ScenarioContext, instanceId: string): Promise<string[]> {
  const wanted = report.name === 'migrate' ? 'Completed' : 'RolledBack';
  const problems: string[] = [];
  if (report.result.kind !== wanted) problems.push(`the outcome is ${report.result.kind}, not ${wanted}: ${JSON.stringify(report.result)}`);
  if (report.requests < MIN_REQUESTS) problems.push(`only ${report.requests} requests were sent`);
  if (report.failed > 0) problems.push(`${report.failed} requests failed: ${report.firstFailures.slice(0, 5).join('; ')}`);
  if (report.left.length > 0) problems.push(`left over: ${report.left.join(', ')}`);
  const serving = report.result.kind === 'Completed' ? report.result.replacementId : instanceId;
  const state = await servingState(context, serving);
  if (state !== 'healthy') problems.push(`${serving} should serve and be healthy; it is ${state}`);
  return problems;
}

/** `healthy` where the instance is a healthy target of its service's own group and that group has all the weight. */
async function servingState({ aws, fleet, endpoint }: ScenarioContext, instanceId: string): Promise<string> {
  const applied = await control<{ applied: boolean }>(endpoint, 'GET', '/_local/balancers/applied');
  if (!applied.applied) return 'behind a balancer that has not taken over its last change';
  for (const group of Object.values(fleet.targetGroups)) {
    const answer = await aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group }));
    const found = answer.TargetHealthDescriptions?.find((target) => target.Target?.Id === instanceId);
    if (found !== undefined) return found.TargetHealth?.State ?? 'unknown';
  }
  return 'in no target group';
}
