import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { Command } from 'commander';
import { ROUTE_MESSAGES, ROUTE_REQUESTS, type FollowArgs, type RecommendArgs, type RoutingStatus, type WithdrawArgs } from '../../contracts/route-requests';
import { routingWorkflowId } from '../../contracts/workflow-ids';
import { recommendRouting } from '../../domain/routing/recommend-routing';
import { checkFollowArgs } from '../../domain/routing/routing-input';
import { DEFAULT_ROUTING_POLICY } from '../../domain/routing/routing-policy';
import { withClient } from '../environment';
import { WrongUsage } from '../report-failure';
import { describeDecision, describeRoutingStatus } from '../routing/describe-decision';
import { readRoutingFile, readWatchFile } from '../routing/read-routing-file';

interface Common {
  readonly stack: string;
  readonly json?: boolean;
}

/** `foreshift routing recommend|watch|follow|status|withdraw` */
export function routingCommand(): Command {
  const routing = new Command('routing')
    .description('Routes requests before they reach an instance that is about to be overloaded; ends by itself')
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Examples:
  foreshift routing recommend -f shop.json --dry-run   what would be done, and why; asks nobody
  foreshift routing recommend -f shop.json             does it, or renews it
  foreshift routing watch -f watched.json              forecasts the members itself, and goes on until it is withdrawn
  foreshift routing status shop
  foreshift routing follow shop --member a --to 10.0.0.7:8080   a is there now, and its sessions go along (HAProxy)
  foreshift routing withdraw shop --reason "the sale is over"

watched.json has, instead of "outlook", "watch": {"classShares": {"checkout": 0.2, "browse": 0.8}}, and every member an "instanceId".
shop.json holds what is routed and what is forecast (docs/routing.md):
  {"service": "shop",
   "balancer": {"kind": "haproxy", "name": "edge", "backends": ["web"], "mapFile": "/etc/haproxy/foreshift.map"},
   "members": [{"memberId": "a"}, {"memberId": "b"}],
   "classes": [{"name": "checkout", "priority": "high", "backend": "web_checkout"}, {"name": "browse", "priority": "low", "backend": "web_browse"}],
   "outlook": {"horizonMs": 600000, "classShares": {"checkout": 0.2, "browse": 0.8},
               "members": [{"memberId": "a", "capacity": 200, "load": [{"level": 0.9, "value": 240}]}, {"memberId": "b", "capacity": 400, "load": [{"level": 0.9, "value": 180}]}]}}`,
    );
  common(routing.command('recommend'))
    .description('Decides on what is forecast, and routes so until that ends')
    .requiredOption('-f, --file <file>', 'what is routed and what is forecast, as JSON; "-" reads it from standard input')
    .option('--dry-run', 'only tell what would be done')
    .option('--reason <text>', 'stands in the audit')
    .option('--by <name>', 'who says so')
    .action(recommend);
  common(routing.command('watch'))
    .description('Forecasts the members\' CPU again and again, and routes by that')
    .requiredOption('-f, --file <file>', 'what is watched, as JSON; "-" reads it from standard input')
    .action(watch);
  common(routing.command('follow'))
    .description('A member is at another place now: its server, and the sessions that stick to it, go there, also after the routing has ended')
    .argument('<service>')
    .requiredOption('--member <memberId>', 'the server\'s name')
    .requiredOption('--to <address>', 'IP address and port, such as 10.0.0.7:8080')
    .action(follow);
  common(routing.command('status')).description('What is in effect, until when and why').argument('<service>').action(showStatus);
  common(routing.command('withdraw')).description('Requests go as without Foreshift again').argument('<service>').requiredOption('--reason <text>', 'stands in the audit').option('--by <name>', 'who says so', 'operator').action(withdraw);
  return routing;
}

function common(command: Command): Command {
  return command.option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
}

async function recommend({ file, dryRun, reason, by, stack, json }: Common & { file: string; dryRun?: boolean; reason?: string; by?: string }): Promise<void> {
  const { input, outlook } = await readRoutingFile(file, Date.now());
  const workflowId = routingWorkflowId(input.service);
  if (dryRun === true) {
    const decision = recommendRouting(input, outlook, null, DEFAULT_ROUTING_POLICY, Date.now());
    return console.log(json === true ? JSON.stringify(decision, null, 2) : `${describeDecision(decision)}\nnothing was changed`);
  }
  const args: RecommendArgs = { outlook, ...(reason === undefined ? {} : { reason }), ...(by === undefined ? {} : { by }) };
  await withClient(stack, (client, { taskQueue }) => client.workflow.signalWithStart(ROUTE_REQUESTS, { taskQueue, workflowId, args: [input], signal: ROUTE_MESSAGES.recommend, signalArgs: [args], staticSummary: `Routing of ${input.service}` }));
  console.log(json === true ? JSON.stringify({ workflowId }) : `${workflowId} was told; "foreshift routing status ${input.service}" shows what it does`);
}

async function watch({ file, stack, json }: Common & { file: string }): Promise<void> {
  const input = await readWatchFile(file);
  const workflowId = routingWorkflowId(input.service);
  await withClient(stack, async (client, { taskQueue }) => {
    await client.workflow.start(ROUTE_REQUESTS, { taskQueue, workflowId, args: [input], staticSummary: `Routing of ${input.service}, watched` }).catch((error: unknown) => {
      if (error instanceof WorkflowExecutionAlreadyStartedError) throw new WrongUsage(`${workflowId} routes it already; "foreshift routing withdraw ${input.service}" ends that`);
      throw error;
    });
  });
  console.log(json === true ? JSON.stringify({ workflowId }) : `${workflowId} watches it; "foreshift routing status ${input.service}" shows what it does`);
}

async function showStatus(service: string, { stack, json }: Common): Promise<void> {
  await withClient(stack, async (client) => {
    const status = await orRefuse(service, () => client.workflow.getHandle(routingWorkflowId(service)).query<RoutingStatus>(ROUTE_MESSAGES.status));
    console.log(json === true ? JSON.stringify(status, null, 2) : describeRoutingStatus(status));
  });
}

async function follow(service: string, { member, to, stack, json }: Common & { member: string; to: string }): Promise<void> {
  const [, host = '', port] = /^(.+):(\d+)$/.exec(to) ?? [];
  const args: FollowArgs = { memberId: member, host, port: Number(port) };
  const problems = checkFollowArgs(args, { members: [{ memberId: member }] });
  if (problems.length > 0) throw new WrongUsage(`--to is "${to}"; expected an IP address and a port, such as 10.0.0.7:8080`);
  await withClient(stack, async (client) => {
    await orRefuse(service, () => client.workflow.getHandle(routingWorkflowId(service)).signal<[FollowArgs]>(ROUTE_MESSAGES.follow, args));
    console.log(json === true ? JSON.stringify({ service, ...args }) : `routing/${service} was told; "foreshift routing status ${service}" shows it where it is refused`);
  });
}

async function withdraw(service: string, { stack, json, reason, by }: Common & Required<WithdrawArgs>): Promise<void> {
  await withClient(stack, async (client) => {
    await orRefuse(service, () => client.workflow.getHandle(routingWorkflowId(service)).signal<[WithdrawArgs]>(ROUTE_MESSAGES.withdraw, { reason, by }));
    console.log(json === true ? JSON.stringify({ service, withdrawn: true }) : `requests of ${service} go as without Foreshift as soon as the balancer says so; "foreshift routing status ${service}" shows it`);
  });
}

async function orRefuse<T>(service: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new WrongUsage(`nothing routes the requests of ${service}; "foreshift routing recommend" does`);
    throw error;
  }
}
