import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { describeIssues } from '../contracts/describe-issues';
import { PLACEHOLDERS, unknownPlaceholders } from '../domain/triggers/fill-template';
import { INCIDENT_KINDS } from '../domain/triggers/incident';
import { DEFAULT_TRIGGER_POLICY } from '../domain/triggers/trigger-policy';
import type { TriggerPolicy } from '../domain/triggers/trigger-policy';
import type { TriggerRule } from '../domain/triggers/trigger-rule';
import { UNIT_MS } from '../domain/unit-ms';
import { STARTABLES } from './startable-workflows';

const MOST_RULES = 500;

const span = z.string().transform((text, context) => {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * (UNIT_MS[unit] ?? 0);
  context.addIssue({ code: 'custom', message: 'expected a span such as "90s", "15m", "2h" or "1d"' });
  return z.NEVER;
});
const template = z.string().min(1).max(500).superRefine(refusePlaceholders);
const pattern = z.string().min(1).max(300);
const patterns = z.record(z.string().min(1).max(255), pattern).default({});
const names = z.array(template).max(20).default([]);

const matchShape = z.strictObject({
  kind: z.union([z.enum(INCIDENT_KINDS), z.array(z.enum(INCIDENT_KINDS)).min(1)]).default('alarm'),
  name: pattern.nullable().default(null),
  tags: patterns,
  dimensions: patterns,
  namespace: pattern.nullable().default(null),
  metric: pattern.nullable().default(null),
  accounts: z.array(z.string().regex(/^\d{12}$/, 'expected an account of 12 digits')).default([]),
  regions: z.array(z.string().min(1).max(30)).default([]),
});

const moveShape = z.strictObject({
  instance: template.default('${instanceId}'),
  fleet: template.nullable().default(null),
  impactMinutes: z.number().min(0).max(1e9).default(30),
  after: span.default(0),
  deadline: span.nullable().default(null),
  onlyIfContended: z.boolean().default(false),
  zones: names,
  shapes: names,
});

const startShape = z.strictObject({
  workflow: z.string().refine((type) => Object.hasOwn(STARTABLES, type), `expected one of ${Object.keys(STARTABLES).join(', ')}`),
  input: z.record(z.string(), z.unknown()).default({}).superRefine(refusePlaceholders),
});

const ruleShape = z
  .strictObject({
    name: z.string().regex(/^[\w.-]{1,60}$/, 'expected 1 to 60 letters, digits, "_", "." or "-"'),
    when: matchShape,
    move: moveShape.optional(),
    start: startShape.optional(),
    ignore: z.literal(true).optional(),
    onOk: z.enum(['withdraw', 'keep']).default('withdraw'),
  })
  .refine(({ move, start, ignore }) => [move, start, ignore].filter((one) => one !== undefined).length === 1, 'expected exactly one of move, start and ignore: true');

const { lateAfterMs, flapping } = DEFAULT_TRIGGER_POLICY;
const policyShape = z.strictObject({
  lateAfter: span.default(lateAfterMs),
  flapping: z.strictObject({ changes: z.number().int().min(1).max(30).default(flapping.changes), within: span.default(flapping.withinMs), hold: span.default(flapping.holdMs) }).default({ changes: flapping.changes, within: flapping.withinMs, hold: flapping.holdMs }),
});

const fileShape = z.strictObject({
  version: z.literal(1),
  policy: policyShape.default({ lateAfter: lateAfterMs, flapping: { changes: flapping.changes, within: flapping.withinMs, hold: flapping.holdMs } }),
  rules: z
    .array(ruleShape)
    .min(1)
    .max(MOST_RULES)
    .superRefine((rules, context) => {
      rules.forEach(({ name }, i) => {
        if (rules.findIndex((other) => other.name === name) < i) context.addIssue({ code: 'custom', path: [i, 'name'], message: `"${name}" is taken by a rule before it` });
      });
    }),
});

export interface TriggerRules {
  readonly policy: TriggerPolicy;
  readonly rules: readonly TriggerRule[];
}

/** Reads a file of rules: YAML, or JSON, which is YAML as well. @throws Error with all that is wrong, one line a field */
export function parseRules(text: string): TriggerRules {
  const read = fileShape.safeParse(parseYaml(text, { maxAliasCount: 20 }));
  if (!read.success) throw new Error(describeIssues(read.error, 'the file').join('\n'));
  const { policy, rules } = read.data;
  return {
    policy: { ...DEFAULT_TRIGGER_POLICY, lateAfterMs: policy.lateAfter, flapping: { changes: policy.flapping.changes, withinMs: policy.flapping.within, holdMs: policy.flapping.hold } },
    rules: rules.map(ruleOf),
  };
}

function ruleOf({ name, when: { kind, ...match }, move, start, onOk }: z.infer<typeof ruleShape>): TriggerRule {
  return { name, match: { ...match, kinds: typeof kind === 'string' ? [kind] : kind }, then: thenOf(move, start), withdrawOnOk: onOk === 'withdraw' };
}

function thenOf(move: z.infer<typeof moveShape> | undefined, start: z.infer<typeof startShape> | undefined): TriggerRule['then'] {
  if (start !== undefined) return { kind: 'workflow', workflowType: start.workflow, input: start.input };
  if (move === undefined) return null;
  const { after, deadline, ...wish } = move;
  return { kind: 'wish', ...wish, afterMs: after, deadlineMs: deadline };
}

function refusePlaceholders(value: unknown, context: z.RefinementCtx): void {
  for (const placeholder of unknownPlaceholders(value)) context.addIssue({ code: 'custom', message: `${placeholder} is no placeholder; expected ${PLACEHOLDERS}` });
}
