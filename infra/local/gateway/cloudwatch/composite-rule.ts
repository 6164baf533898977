import { AwsError } from '../operation';
import type { AlarmState } from './alarm';

export type CompositeRule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: 'not'; readonly rule: CompositeRule }
  | { readonly kind: 'and' | 'or'; readonly left: CompositeRule; readonly right: CompositeRule };

const TOKEN = /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^()\s"']+))\s*\)|(AND|OR|NOT|TRUE|FALSE)\b|([()]))/y;

interface Token {
  readonly word: string;
  readonly alarm?: string;
}

/** Parses an AlarmRule: ALARM(), OK(), INSUFFICIENT_DATA(), TRUE, FALSE with AND, OR, NOT and parentheses. */
export function parseCompositeRule(source: string): CompositeRule {
  const tokens = tokenize(source);
  let position = 0;
  const take = (word: string): boolean => {
    if (tokens[position]?.word !== word) return false;
    position += 1;
    return true;
  };
  const primary = (): CompositeRule => {
    if (take('NOT')) return { kind: 'not', rule: primary() };
    if (take('TRUE')) return { kind: 'constant', value: true };
    if (take('FALSE')) return { kind: 'constant', value: false };
    if (take('(')) {
      const inner = or();
      if (!take(')')) throw invalid(source);
      return inner;
    }
    const token = tokens[position];
    if (token?.alarm === undefined) throw invalid(source);
    position += 1;
    return { kind: 'state', state: token.word as AlarmState, alarm: nameOf(token.alarm) };
  };
  const and = (): CompositeRule => {
    let left = primary();
    while (take('AND')) left = { kind: 'and', left, right: primary() };
    return left;
  };
  const or = (): CompositeRule => {
    let left = and();
    while (take('OR')) left = { kind: 'or', left, right: and() };
    return left;
  };
  const rule = or();
  if (position < tokens.length) throw invalid(source);
  return rule;
}

/** Alarms that a rule names. */
export function alarmsOf(rule: CompositeRule): string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [rule.alarm];
    case 'not':
      return alarmsOf(rule.rule);
    case 'and':
    case 'or':
      return [...alarmsOf(rule.left), ...alarmsOf(rule.right)];
  }
}

/** Whether the rule holds. An alarm that was deleted meanwhile is in no state. */
export function holds(rule: CompositeRule, stateOf: (alarm: string) => AlarmState | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'not':
      return !holds(rule.rule, stateOf);
    case 'and':
      return holds(rule.left, stateOf) && holds(rule.right, stateOf);
    case 'or':
      return holds(rule.left, stateOf) || holds(rule.right, stateOf);
  }
}

/** A rule may name an alarm by its ARN. */
function nameOf(alarm: string): string {
  return alarm.startsWith('arn:') ? alarm.split(':').slice(6).join(':') : alarm;
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) throw invalid(source);
    const [, state, double, single, bare, word, bracket] = match;
    const alarm = double ?? single ?? bare;
    if (state !== undefined && alarm !== undefined) tokens.push({ word: state, alarm });
    else tokens.push({ word: word ?? bracket ?? '' });
  }
  return tokens;
}

function invalid(source: string): AwsError {
  return new AwsError('ValidationError', `AlarmRule must not contain syntax errors: ${source}`);
}
