import { ControlError, type ControlRoute } from './control-route';
import type { WireReply } from '../protocols/wire';

export const CONTROL_PREFIX = '/_local/';

/** Answers the requests of the control API from a list of routes. */
export async function answerControl(
  routes: readonly ControlRoute[],
  request: { readonly method: string; readonly path: string; readonly query: URLSearchParams; readonly body: Buffer },
): Promise<WireReply> {
  try {
    const { route, params } = findRoute(routes, request.method, request.path);
    const result = await route.handler({ params, query: request.query, body: parseBody(request.body) });
    return json(200, result ?? {});
  } catch (error) {
    if (error instanceof ControlError) return json(error.status, { error: error.message });
    return json(500, { error: error instanceof Error ? error.message : String(error) });
  }
}

function findRoute(
  routes: readonly ControlRoute[],
  method: string,
  path: string,
): { route: ControlRoute; params: Record<string, string> } {
  let pathExists = false;
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (!params) continue;
    pathExists = true;
    if (route.method === method) return { route, params };
  }
  if (pathExists) throw new ControlError(405, `${method} is not allowed on ${path}`);
  throw new ControlError(404, `There is no control route ${path}`);
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, step] of wanted.entries()) {
    const value = given[at] ?? '';
    if (step.startsWith(':')) params[step.slice(1)] = decodeURIComponent(value);
    else if (step !== value) return undefined;
  }
  return params;
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ControlError(400, 'body: is not JSON');
  }
}

function json(status: number, body: unknown): WireReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
