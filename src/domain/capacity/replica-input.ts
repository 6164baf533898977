import { type Check, checkFields, flag } from '../field-checks';

const MOST_REPLICAS = 100;
const LONGEST_MS = 30 * 86_400_000;

const text: Check = (value) => (typeof value === 'string' && value.length > 0 && value.length <= 200 ? null : 'a text of 1 to 200 characters');
const texts: Check = (value) => (Array.isArray(value) && value.length > 0 && value.length <= 50 && value.every((item) => text(item) === null) ? null : 'a list of 1 to 50 texts');
const replicas: Check = (value) => (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST_REPLICAS ? null : `a whole number from 1 to ${MOST_REPLICAS}`);
const positive: Check = (value) => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? null : 'a number above 0');
const ratio: Check = (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? null : 'a number from 0 to 1');
const ratioAboveZero: Check = (value) => (ratio(value) === null && value !== 0 ? null : 'a number above 0, up to 1');
const port: Check = (value) => (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535 ? null : 'a port from 1 to 65535');

/** An object of its own fields; its problems are told with its name before them. */
const record =
  (fields: Readonly<Record<string, Check>>, required: readonly string[], example: string): Check =>
  (value) => {
    const problems = checkFields(value, fields, required, 'it');
    return problems.length === 0 ? null : `${example} (${problems.join('; ')})`;
  };

const amounts = record({ vcpus: positive, memoryMiB: positive, networkGbps: positive, ebsMbps: positive }, ['vcpus', 'memoryMiB'], '{"vcpus": 4, "memoryMiB": 8192}');

/** Fields that say how much is needed and what may be bought for it: the same for replicas and for capacity that is held. */
export const NEED_FIELDS: Readonly<Record<string, Check>> = {
  service: text,
  demand: record({ peak: amounts, average: amounts }, ['peak'], '{"peak": {"vcpus": 4, "memoryMiB": 8192}, "average": {...}}'),
  zones: texts,
  region: text,
  tradeoff: ratio,
  targetUtilizationRatio: ratioAboveZero,
  quantile: (value) => (typeof value === 'number' && value >= 0.5 && value < 1 ? null : 'a number from 0.5 to below 1'),
  constraints: record({ allow: texts, deny: texts, families: texts, burstableAllowed: flag }, [], '{"families": ["m7i", "m6i"]}'),
  budget: record({ maximumUsdPerHour: positive, maximumUsdTotal: positive }, [], '{"maximumUsdPerHour": 1.5}'),
  reason: text,
};

/** What instances are launched from. */
export const templateField: Check = (value) => {
  const wrong = record({ instanceId: (id) => (typeof id === 'string' && /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id) ? null : 'an EC2 instance id'), imageId: text, launchTemplateId: text, launchTemplateVersion: text }, [], '{"instanceId": "i-0123456789abcdef0"}')(value);
  if (wrong !== null) return wrong;
  const { instanceId, launchTemplateId } = value as Record<string, unknown>;
  return (instanceId === undefined) === (launchTemplateId === undefined) ? 'exactly one of instanceId and launchTemplateId' : null;
};

const FIELDS: Readonly<Record<string, Check>> = {
  requestId: (value) => (typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value) ? null : 'a name of letters, digits, ".", "_" and "-", up to 100 characters'),
  template: templateField,
  count: replicas,
  minimum: replicas,
  maximum: replicas,
  durationMs: (value) => (positive(value) === null && (value as number) <= LONGEST_MS ? null : `milliseconds above 0, up to ${LONGEST_MS}`),
  targetGroups: (value) =>
    Array.isArray(value) && value.length <= 5 && value.every((group) => record({ targetGroupArn: text, port }, ['targetGroupArn', 'port'], '')(group) === null) ? null : 'a list of up to 5 of {"targetGroupArn": "arn:...", "port": 8080}',
  keep: flag,
  ...NEED_FIELDS,
};

/** All that is wrong with the input of `provisionReplicas`, one sentence a field; empty when it is right. */
export function checkReplicaInput(input: unknown): string[] {
  const problems = checkFields(input, FIELDS, ['requestId', 'template'], 'provisionReplicas');
  if (problems.length > 0) return problems;
  const { count, minimum = 1, maximum = MOST_REPLICAS } = input as { readonly count?: number; readonly minimum?: number; readonly maximum?: number };
  if (minimum > maximum) return [`minimum is ${minimum}; expected no more than the maximum of ${maximum}`];
  if (count !== undefined && (count < minimum || count > maximum)) return [`count is ${count}; expected a number from the minimum of ${minimum} to the maximum of ${maximum}`];
  return [];
}
