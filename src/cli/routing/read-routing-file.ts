import type { RouteRequestsInput } from '../../contracts/route-requests';
import { checkRouteRequestsInput, checkRoutingOutlook } from '../../domain/routing/routing-input';
import type { RoutingOutlook } from '../../domain/routing/routing-outlook';
import { readRequestFile } from '../capacity/read-request-file';
import { WrongUsage } from '../report-failure';

/** What is watched, from a file. @throws WrongUsage with all that is wrong */
export async function readWatchFile(file: string): Promise<RouteRequestsInput> {
  const input = await readRequestFile(file);
  const problems = checkRouteRequestsInput(input);
  if (problems.length > 0) throw new WrongUsage(`${file}: ${problems.join('; ')}`);
  if ((input as RouteRequestsInput).watch === undefined) throw new WrongUsage(`${file}: watch is missing; expected {"classShares": {...}}`);
  return input as RouteRequestsInput;
}

/** What is routed and what is forecast, from one file. A forecast without its time is one of now. @throws WrongUsage with all that is wrong */
export async function readRoutingFile(file: string, nowMs: number): Promise<{ readonly input: RouteRequestsInput; readonly outlook: RoutingOutlook }> {
  const content = await readRequestFile(file);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new WrongUsage(`${file}: expected one JSON object with service, balancer, members, classes and outlook`);
  const { outlook: seen, ...input } = content as Record<string, unknown>;
  if (typeof seen !== 'object' || seen === null) throw new WrongUsage(`${file}: outlook is missing; expected what is forecast, {"horizonMs": ..., "members": [...], "classShares": {...}}`);
  const outlook = { atMs: nowMs, ...seen };
  const wrong = checkRouteRequestsInput(input);
  const problems = wrong.length > 0 ? wrong : checkRoutingOutlook(outlook, input as unknown as RouteRequestsInput);
  if (problems.length > 0) throw new WrongUsage(`${file}: ${problems.join('; ')}`);
  return { input: input as unknown as RouteRequestsInput, outlook: outlook as RoutingOutlook };
}
