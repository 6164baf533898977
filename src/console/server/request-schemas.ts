import { z } from 'zod';
import type { AuditFilter } from '../../contracts/audit';
import { describeIssues } from '../../contracts/describe-issues';
import { LOAD_METRICS } from '../../domain/forecast';
import { ConsoleRefusal } from './console-refusal';

const word = z.string().min(1).max(500);

export const loginSchema = z.object({ token: word }).strict();
export const reasonSchema = z.object({ reason: word }).strict();
export const secretSchema = z.object({ secret: word }).strict();
export const hashSchema = z.object({ planHash: word }).strict();

const metric = z.enum(LOAD_METRICS as ['cpuPercent', 'memoryPercent', 'networkBytesPerSecond']);

export const forecastQuerySchema = z.object({ metric, horizonMs: z.coerce.number().int().min(300_000).max(14 * 86_400_000) }).strict();
export const migrationQuerySchema = z.object({ afterSeq: z.coerce.number().int().nonnegative().default(0) }).strict();
export const accuracyQuerySchema = z.object({ sinceMs: z.coerce.number().int().nonnegative(), pool: word.optional(), metric: metric.optional() }).strict();
export const shapesQuerySchema = z.object({ fleet: word }).strict();

const auditQuerySchema = z
  .object({
    instanceId: word,
    workflowId: word,
    service: word,
    kind: word,
    actor: word,
    outcome: word,
    text: word,
    sinceMs: z.coerce.number().int().nonnegative(),
    untilMs: z.coerce.number().int().nonnegative(),
    beforeSeq: z.coerce.number().int().positive(),
  })
  .partial()
  .strict();

/** The audit's filter as an address says it; what is empty is not asked for. @throws ConsoleRefusal naming the field */
export function auditFilterOf(query: Readonly<Record<string, string>>): AuditFilter {
  // What is left out is absent, never undefined: the query's types say so less exactly than it is.
  return parsed(auditQuerySchema, Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))) as AuditFilter;
}

/** @throws ConsoleRefusal naming each field that is wrong and what was expected */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ConsoleRefusal(400, describeIssues(result.error, 'request').join('; '));
}
