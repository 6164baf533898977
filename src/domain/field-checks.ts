import { shown, shownText } from './shown';

/*
 * What is wrong with an input, one sentence a field. Inputs are checked within workflows as well as at the command line, so that a start from the Temporal UI gets the same
 * sentence; hence no schema library (see the workflow bundle's rules).
 */

/** A sentence for each of ten thousand unknown fields helps nobody, and no failure in a history holds them. */
const MOST_PROBLEMS = 20;

/** What was expected in place of a value; null where it is right. */
export type Check = (value: unknown) => string | null;

export const flag: Check = (value) => (typeof value === 'boolean' ? null : 'true or false');

export const text =
  (longest: number): Check =>
  (value) =>
    typeof value === 'string' && value.length > 0 && value.length <= longest ? null : `a text of 1 to ${longest} characters`;

export const number =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most ? null : `a number from ${least} to ${most}`;

export const whole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most ? null : `a whole number from ${least} to ${most}`;

/** Checks a plain object against a table of fields; unknown fields are named, or a misspelt limit would not limit. */
export function checkFields(input: unknown, fields: Readonly<Record<string, Check>>, required: readonly string[], what: string): string[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return [`${what} takes one JSON object, such as {"${required[0] ?? 'field'}": ...}`];
  }
  const given = input as Record<string, unknown>;
  const missing = required.filter((name) => given[name] === undefined).map((name) => `${name} is missing; expected ${fields[name]?.(undefined) ?? 'a value'}`);
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (check === undefined) return [`${shownText(name)} is not a field of ${what}; known fields: ${Object.keys(fields).join(', ')}`];
    const expected = check(value);
    return expected === null ? [] : [`${name} is ${shown(value)}; expected ${expected}`];
  });
  const problems = [...missing, ...wrong];
  return problems.length <= MOST_PROBLEMS ? problems : [...problems.slice(0, MOST_PROBLEMS), `${problems.length - MOST_PROBLEMS} more fields are wrong`];
}
