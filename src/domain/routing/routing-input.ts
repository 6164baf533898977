import { type Check, checkFields, flag, number, whole } from '../field-checks';
import { DEFAULT_ROUTING_POLICY } from './routing-policy';
import type { RoutedService } from './routed-service';

/** What HAProxy takes for a name, and what no runtime command can be hidden in. */
const NAME = /^[A-Za-z0-9_.:-]{1,100}$/;
const LONGEST_HORIZON_MS = 3_600_000;
/** ELBv2 looks at five values of conditions in a rule. */
const MOST_VALUES = 5;
const MOST_MEMBERS = 200;

const name: Check = (value) => (typeof value === 'string' && NAME.test(value) ? null : 'a name of letters, digits and _ . : - of 1 to 100 characters');
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) => (allowed.includes(value as string) ? null : `one of ${allowed.map((one) => `"${one}"`).join(', ')}`);
const text = (pattern: RegExp, expected: string): Check => (value) => (typeof value === 'string' && pattern.test(value) ? null : expected);
const listOf = (check: Check, most: number): Check => (value) => {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) return `a list of 1 to ${most}`;
  const at = value.findIndex((one) => check(one) !== null);
  return at < 0 ? null : `each to be right; at place ${at + 1}: ${check(value[at])}`;
};
const fields = (table: Readonly<Record<string, Check>>, required: readonly string[], what: string): Check => (value) => checkFields(value, table, required, what)[0] ?? null;
const REASON = text(/^[^\0]{1,500}$/s, 'a text of 1 to 500 characters');

const HAPROXY = { kind: oneOf('haproxy'), name, backends: listOf(name, 20), mapFile: text(/^\/[\w./-]{1,300}$/, 'the absolute path of the map file that HAProxy\'s configuration names') };
const ELBV2 = {
  kind: oneOf('elbv2'),
  listenerArn: text(/^arn:[\w:/.-]{1,300}$/, 'the ARN of a listener'),
  targetGroupArn: text(/^arn:[\w:/.-]{1,300}$/, 'the ARN of a target group'),
  port: whole(1, 65_535),
  firstPriority: whole(1, 49_900),
};
const balancer: Check = (value) => {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind === 'haproxy') return fields(HAPROXY, Object.keys(HAPROXY), 'balancer')(value);
  return kind === 'elbv2' ? fields(ELBV2, Object.keys(ELBV2), 'balancer')(value) : '{"kind": "haproxy", ...} or {"kind": "elbv2", ...}';
};
const values = listOf(text(/^[\x21-\x7e]{1,128}$/, 'a text of 1 to 128 printable characters'), MOST_VALUES);
const requestClass = fields(
  {
    name,
    priority: oneOf('high', 'normal', 'low'),
    access: oneOf('any', 'read', 'write'),
    backend: name,
    header: fields({ name: text(/^[A-Za-z0-9-]{1,40}$/, 'the name of a header'), values }, ['name', 'values'], 'header'),
    paths: values,
  },
  ['name', 'priority'],
  'a class',
);

const SERVICE = {
  service: text(/^[A-Za-z0-9_-]{1,60}$/, 'a name of letters, digits, _ and - of 1 to 60 characters'),
  balancer,
  members: listOf(fields({ memberId: name, instanceId: text(/^i-[0-9a-f]{8,17}$/, 'an EC2 instance id'), takesWrites: flag }, ['memberId'], 'a member'), MOST_MEMBERS),
  classes: listOf(requestClass, 20),
};

const shares: Check = (value) => (typeof value === 'object' && value !== null && Object.values(value).every((share) => typeof share === 'number' && share >= 0 && share <= 1) ? null : 'the part of each class by its name, each from 0 to 1');
const watch = fields({ classShares: shares, everyMs: whole(1_000, DEFAULT_ROUTING_POLICY.lifeMs / 2), horizonMs: whole(300_000, LONGEST_HORIZON_MS) }, ['classShares'], 'watch');
const OPTIONS = { watch, verifyEveryMs: whole(500, 3_600_000), settleMs: whole(0, 3_600_000) };

const MEMBER_OUTLOOK = fields(
  { memberId: name, capacity: number(0, 1e12), load: listOf(fields({ level: number(0.001, 0.999), value: number(0, 1e12) }, ['level', 'value'], 'a quantile'), 99), otherLoad: number(0, 1e12), leaving: flag },
  ['memberId', 'capacity', 'load'],
  'a member',
);
const OUTLOOK = {
  atMs: whole(0, 8.64e15),
  horizonMs: whole(1_000, LONGEST_HORIZON_MS),
  members: listOf(MEMBER_OUTLOOK, MOST_MEMBERS),
  classShares: shares,
};

/** All that is wrong with the input of `routeRequests`, one sentence a field; also what its fields must be together. */
export function checkRouteRequestsInput(input: unknown): string[] {
  const problems = checkFields(input, { ...SERVICE, ...OPTIONS }, Object.keys(SERVICE), 'routeRequests');
  if (problems.length > 0) return problems;
  const { balancer: { kind }, members, classes, watch: watched } = input as RoutedService & { readonly watch?: { readonly classShares: Record<string, number> } };
  return [
    ...twice('members', members.map(({ memberId }) => memberId)),
    ...twice('classes', classes.map((one) => one.name)),
    ...(watched === undefined ? [] : [...wrongShares(classes, watched.classShares), ...members.filter(({ memberId, instanceId }) => !(instanceId ?? memberId).startsWith('i-')).map(({ memberId }) => `instanceId of ${memberId} is missing; expected the EC2 instance that is watched`)]),
    ...(kind === 'haproxy' ? classes.filter(({ backend }) => backend === undefined).map((one) => `backend of class ${one.name} is missing; expected the HAProxy backend that its requests pass`) : []),
    // A rule without a condition would take the requests of every rule behind it.
    ...(kind === 'elbv2' ? classes.filter(({ access = 'any', header, paths }) => access === 'any' && header === undefined && paths === undefined).map((one) => `class ${one.name} has no condition; expected a header, paths, or read or write as its access`) : []),
    ...(kind === 'elbv2' ? members.filter(({ memberId }) => !memberId.startsWith('i-')).map(({ memberId }) => `memberId is "${memberId}"; expected an EC2 instance id, for ELBv2`) : []),
    ...(classes.some(({ access }) => access === 'write') && members.every(({ takesWrites }) => takesWrites === false) ? ['no member takes writes; expected at least one, for there is a class that writes'] : []),
  ];
}

/** All that is wrong with an outlook; where the service is known, also whom it leaves out. */
export function checkRoutingOutlook(input: unknown, service?: { readonly members: readonly { readonly memberId: string }[]; readonly classes: readonly { readonly name: string }[] }): string[] {
  const problems = checkFields(input, OUTLOOK, Object.keys(OUTLOOK), 'outlook');
  if (problems.length > 0 || service === undefined) return problems;
  const { members, classShares } = input as { members: { memberId: string }[]; classShares: Record<string, number> };
  return [
    ...service.members.filter(({ memberId }) => !members.some((one) => one.memberId === memberId)).map(({ memberId }) => `members lacks ${memberId}; expected what is forecast of every member`),
    ...wrongShares(service.classes, classShares),
  ];
}

function wrongShares(classes: readonly { readonly name: string }[], classShares: Readonly<Record<string, number>>): string[] {
  const sum = Object.values(classShares).reduce((all, share) => all + share, 0);
  return [
    ...classes.filter((one) => classShares[one.name] === undefined).map((one) => `classShares.${one.name} is missing; expected a part from 0 to 1`),
    ...(Math.abs(sum - 1) > 0.01 ? [`classShares add up to ${sum.toFixed(3)}; expected 1`] : []),
  ];
}

const RECOMMEND = { outlook: ((value) => checkRoutingOutlook(value)[0] ?? null) satisfies Check, reason: REASON, by: REASON };

/** All that is wrong with what the signal `recommend` brings. */
export function checkRecommendArgs(input: unknown, service?: Parameters<typeof checkRoutingOutlook>[1]): string[] {
  const problems = checkFields(input, RECOMMEND, ['outlook'], 'recommend');
  return problems.length > 0 || service === undefined ? problems : checkRoutingOutlook((input as { outlook: unknown }).outlook, service);
}

/** All that is wrong with what the signal `follow` brings. */
export function checkFollowArgs(input: unknown, service: { readonly members: readonly { readonly memberId: string }[] }): string[] {
  const problems = checkFields(input, { memberId: name, host: text(/^[0-9a-fA-F.:]{2,45}$/, 'an IP address'), port: whole(1, 65_535) }, ['memberId', 'host', 'port'], 'follow');
  if (problems.length > 0) return problems;
  const { memberId } = input as { memberId: string };
  return service.members.some((one) => one.memberId === memberId) ? [] : [`memberId is "${memberId}"; expected one of ${service.members.map((one) => one.memberId).join(', ')}`];
}

function twice(what: string, names: readonly string[]): string[] {
  return names.filter((one, i) => names.indexOf(one) < i).map((one) => `${what} has ${one} twice; expected each once`);
}
