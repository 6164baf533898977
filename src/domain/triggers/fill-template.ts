import { UNIT_MS } from '../unit-ms';
import type { Incident } from './incident';

const PLACEHOLDER = /\$\{([^{}]{1,200})\}/g;
const WITH_SPAN = /^changedAt\+(\d{1,6})([smhd])$/;
/** Deeper inputs are refused: no workflow's input is. */
const DEEPEST = 20;

/** What a placeholder may be, for messages. */
export const PLACEHOLDERS = 'instanceId, name, subject, incidentId, state, reason, region, accountId, namespace, metric, changedAt, changedAt+2h, deadline, dimension.NAME, tag.NAME, or 1, 2, ... for what each * of the name stands for';

export interface TemplateFacts {
  readonly incident: Incident;
  readonly tags: Readonly<Record<string, string>>;
  readonly captures: readonly string[];
}

/** A template with its placeholders filled in, or what could not be. */
export type Filled<T> = { readonly value: T } | { readonly missing: readonly string[] };

/** Fills `${...}` in every text of a value of plain JSON. */
export function fillTemplate<T>(template: T, facts: TemplateFacts): Filled<T> {
  const missing = new Set<string>();
  const fill = (text: string): string =>
    text.replaceAll(PLACEHOLDER, (whole, name: string) => {
      const value = valueOf(name, facts);
      if (value === null) missing.add(whole);
      return value ?? '';
    });
  const value = mapTexts(template, fill, 0) as T;
  return missing.size > 0 ? { missing: [...missing] } : { value };
}

/** Placeholders of a template that are no placeholder at all, whatever the incident. */
export function unknownPlaceholders(template: unknown): readonly string[] {
  const unknown = new Set<string>();
  mapTexts(template, (text) => {
    for (const [whole, name = ''] of text.matchAll(PLACEHOLDER)) if (!isPlaceholder(name)) unknown.add(whole);
    return text;
  }, 0);
  return [...unknown];
}

/** Whether a template asks for the alarm's tags, which only CloudWatch can tell. */
export function asksForTags(template: unknown): boolean {
  let asks = false;
  mapTexts(template, (text) => {
    asks ||= text.includes('${tag.');
    return text;
  }, 0);
  return asks;
}

function mapTexts(value: unknown, map: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return map(value);
  if (depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, map, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, map, depth + 1)]));
}

function plainValues({ incident }: TemplateFacts): Readonly<Record<string, string | null>> {
  const { instanceId, name, subject, incidentId, state, reason, region, accountId, namespace, metric, changedAtMs, deadlineAtMs } = incident;
  return { instanceId, name, subject, incidentId, state, reason, region, accountId, namespace, metric, changedAt: iso(changedAtMs), deadline: deadlineAtMs === null ? null : iso(deadlineAtMs) };
}

const PLAIN = ['instanceId', 'name', 'subject', 'incidentId', 'state', 'reason', 'region', 'accountId', 'namespace', 'metric', 'changedAt', 'deadline'];

function isPlaceholder(name: string): boolean {
  return PLAIN.includes(name) || WITH_SPAN.test(name) || /^[1-9]$/.test(name) || /^(dimension|tag)\../.test(name);
}

function valueOf(name: string, facts: TemplateFacts): string | null {
  if (PLAIN.includes(name)) return plainValues(facts)[name] ?? null;
  if (/^[1-9]$/.test(name)) return facts.captures[Number(name) - 1] ?? null;
  const [, amount, unit = ''] = WITH_SPAN.exec(name) ?? [];
  if (amount !== undefined) return iso(facts.incident.changedAtMs + Number(amount) * (UNIT_MS[unit] ?? 0));
  const [, from, key = ''] = /^(dimension|tag)\.(.+)$/.exec(name) ?? [];
  const values = from === 'tag' ? facts.tags : facts.incident.dimensions;
  return from !== undefined && Object.hasOwn(values, key) ? (values[key] ?? null) : null;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
