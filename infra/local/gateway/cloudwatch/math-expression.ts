import { AwsError } from '../operation';

/** Syntax tree of a metric-math expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'reference'; readonly id: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z][A-Za-z0-9_]*)|"([^"]*)"|'([^']*)'|([-+*/()[\],]))/y;
const PRECEDENCE: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2 };

interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'symbol';
  readonly text: string;
}

/** Parses an expression; anything outside the supported grammar is a ValidationError, never an empty result. */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source);
  let position = 0;
  const fail = (): AwsError => new AwsError('ValidationError', `Error in expression '${source}': not supported or not valid near position ${position}.`);
  const peek = (): string | undefined => (tokens[position]?.kind === 'symbol' ? tokens[position]?.text : undefined);
  const expect = (symbol: string): void => {
    if (peek() !== symbol) throw fail();
    position += 1;
  };

  const items = (end: string): Expression[] => {
    const found: Expression[] = [];
    if (peek() !== end) {
      found.push(binary(1));
      while (peek() === ',') {
        position += 1;
        found.push(binary(1));
      }
    }
    expect(end);
    return found;
  };

  const primary = (): Expression => {
    const token = tokens[position];
    if (token === undefined) throw fail();
    position += 1;
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'text', value: token.text };
    if (token.kind === 'name') {
      if (peek() !== '(') return { kind: 'reference', id: token.text };
      position += 1;
      return { kind: 'call', name: token.text.toUpperCase(), args: items(')') };
    }
    if (token.text === '-') return { kind: 'negate', operand: primary() };
    if (token.text === '[') return { kind: 'list', items: items(']') };
    if (token.text !== '(') throw fail();
    const inner = binary(1);
    expect(')');
    return inner;
  };

  const binary = (lowest: number): Expression => {
    let left = primary();
    for (;;) {
      const operator = peek();
      const precedence = operator === undefined ? undefined : PRECEDENCE[operator];
      if (operator === undefined || precedence === undefined || precedence < lowest) return left;
      position += 1;
      left = { kind: 'binary', operator, left, right: binary(precedence + 1) };
    }
  };

  const result = binary(1);
  if (position < tokens.length) throw fail();
  return result;
}

/** Ids that an expression names. */
export function referencesOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return [];
    case 'reference':
      return [expression.id];
    case 'list':
      return expression.items.flatMap(referencesOf);
    case 'negate':
      return referencesOf(expression.operand);
    case 'binary':
      return [...referencesOf(expression.left), ...referencesOf(expression.right)];
    case 'call':
      return expression.args.flatMap(referencesOf);
  }
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = source.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new AwsError('ValidationError', `Error in expression '${source}': not supported or not valid near position ${at}.`);
    const [, number, name, double, single, symbol] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else tokens.push({ kind: 'text', text: double ?? single ?? '' });
  }
  return tokens;
}
