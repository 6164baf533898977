import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { weightedGroups, type BalancedListener } from './balancer-model';
import { targetGroupDimension } from './elb-names';

type Json = Readonly<Record<string, unknown>>;

const ROUTE_TIMEOUT = '15s';
// Only before a request reached its target: a target may not get anything twice.
const RETRY_POLICY: Json = {
  retry_on: 'connect-failure,refused-stream,reset-before-request',
  num_retries: 2,
  retry_host_predicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typed_config: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
    },
  ],
  host_selection_retry_max_attempts: 5,
};

/** Envoy's route table of one listener: its rules in order of priority, then the default action. */
export function envoyRouteConfiguration(name: string, listener: BalancedListener): Json {
  const routes = listener.rules.map((rule) => ({ match: matchOf(rule.conditions), ...actionOf(rule.actions) }));
  const fallback = { match: { prefix: '/' }, ...actionOf(listener.defaultActions) };
  return {
    '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
    name,
    // The cluster update is always applied first; waiting for it here would only add a way to be refused.
    validate_clusters: false,
    virtual_hosts: [{ name: 'all', domains: ['*'], routes: [...routes, fallback] }],
  };
}

/** The values of one condition are alternatives, which is why they become regular expressions; conditions add up. */
function matchOf(conditions: readonly RuleCondition[]): Json {
  const headers: Json[] = [];
  let path: Json = { prefix: '/' };
  for (const condition of conditions) {
    const values = condition.PathPatternConfig?.Values ?? condition.HostHeaderConfig?.Values ?? condition.Values ?? [];
    if (condition.Field === 'path-pattern') path = { safe_regex: { regex: anyOf(values) } };
    // The port that a client appends to its Host isn't part of ELB's comparison.
    else if (condition.Field === 'host-header') headers.push(header(':authority', `(?i)${anyOf(values)}(:\\d+)?`));
    else if (condition.Field === 'http-header') {
      const config = condition.HttpHeaderConfig;
      headers.push(header(config?.HttpHeaderName ?? '', `(?i)${anyOf(config?.Values ?? [])}`));
    } else if (condition.Field === 'http-request-method') headers.push(header(':method', anyOf(condition.HttpRequestMethodConfig?.Values ?? [])));
  }
  return { ...path, headers };
}

function header(name: string, regex: string): Json {
  return { name, string_match: { safe_regex: { regex } } };
}

/** ELB's wildcards: `*` any text, `?` any character. */
function anyOf(patterns: readonly string[]): string {
  const escaped = patterns.map((pattern) => pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.'));
  return `(?:${escaped.join('|')})`;
}

function actionOf(actions: readonly Action[]): Json {
  const action = [...actions].sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0)).at(-1);
  if (action?.Type === 'fixed-response') {
    const { StatusCode, MessageBody, ContentType } = action.FixedResponseConfig ?? {};
    return {
      direct_response: { status: Number(StatusCode ?? 503), body: { inline_string: MessageBody ?? '' } },
      response_headers_to_add: [
        { header: { key: 'content-type', value: ContentType ?? 'text/plain' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
      ],
    };
  }
  if (action?.Type === 'redirect') return { redirect: redirectOf(action) };
  const groups = (action === undefined ? [] : weightedGroups(action)).map(({ arn, weight }) => ({ name: targetGroupDimension(arn), weight }));
  // Our choice for what AWS doesn't document: when every weight is 0, nobody is meant to get the request.
  if (groups.every(({ weight }) => weight === 0)) return { direct_response: { status: 503, body: { inline_string: 'All target groups have weight 0.' } } };
  return { route: { weighted_clusters: { clusters: groups }, timeout: ROUTE_TIMEOUT, retry_policy: RETRY_POLICY } };
}

/** ELB's `#{host}`, `#{port}`... mean "unchanged"; anything else is taken literally. */
function redirectOf(action: Action): Json {
  const { Host, Path, Port, Protocol, Query, StatusCode } = action.RedirectConfig ?? {};
  const literal = (value: string | undefined): value is string => value !== undefined && !value.includes('#{');
  return {
    response_code: StatusCode === 'HTTP_301' ? 'MOVED_PERMANENTLY' : 'FOUND',
    ...(literal(Host) ? { host_redirect: Host } : {}),
    ...(literal(Port) ? { port_redirect: Number(Port) } : {}),
    ...(literal(Protocol) ? { scheme_redirect: Protocol.toLowerCase() } : {}),
    ...(literal(Path) ? { path_redirect: literal(Query) && Query !== '' ? `${Path}?${Query}` : Path } : {}),
  };
}
