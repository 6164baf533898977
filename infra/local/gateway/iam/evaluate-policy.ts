import { matchPattern } from '../../../../src/domain/match-pattern';
import type { PolicyDocument, Statement } from '../../../../src/adapters/aws/iam/policy-document';

export interface Asked {
  readonly action: string;
  /** Null: it is not known here, and every one is taken to be meant. */
  readonly resource: string | null;
  /** Keys of the request, such as `aws:ResourceTag/foreshift:owner`; one that is absent is null to IAM. Null: none of them is known here, and conditions are taken to hold. */
  readonly keys?: Readonly<Record<string, string>> | null;
}

/** Whether a policy of allowing statements allows a call, as IAM evaluates it: nothing is allowed that no statement allows. Knows the operators that ours use, and throws for any other. */
export function isAllowed({ Statement }: PolicyDocument, asked: Asked): boolean {
  return Statement.some((statement) => matches(statement.Action, asked.action) && (asked.resource === null || matches(statement.Resource, asked.resource)) && (asked.keys === null || holds(statement, asked.keys ?? {})));
}

function holds({ Condition = {} }: Statement, keys: Readonly<Record<string, string>>): boolean {
  return Object.entries(Condition).every(([operator, wanted]) =>
    Object.entries(wanted).every(([key, values]) => {
      const list = typeof values === 'string' ? [values] : values;
      if (operator === 'Null') return list.includes(String(!(key in keys)));
      if (operator === 'StringEquals') return list.includes(keys[key] ?? '');
      throw new Error(`${operator} is not evaluated here`);
    }),
  );
}

function matches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => matchPattern(pattern, text) !== null);
}
