import type { Conditions, Permission } from './permission';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface PolicyScope {
  /** Twelve digits; `*`: of any account. */
  readonly account: string;
  readonly partition: string;
}

/**
 * An IAM policy, as `aws iam create-policy` takes it. Alternatives of a condition become statements of their own: within one, all must hold
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html).
 */
export function policyDocument(permissions: readonly Permission[], scope: PolicyScope): PolicyDocument {
  return { Version: '2012-10-17', Statement: permissions.flatMap((permission) => statementsOf(permission, scope)) };
}

function statementsOf({ sid, actions, resources, anyOf }: Permission, { account, partition }: PolicyScope): readonly Statement[] {
  const Resource = resources?.map((resource) => `arn:${partition}:${resource.replace('@', account)}`) ?? ['*'];
  if (anyOf === undefined) return [{ Sid: sid, Effect: 'Allow', Action: actions, Resource }];
  return anyOf.map((Condition, i) => ({ Sid: anyOf.length === 1 ? sid : `${sid}${i + 1}`, Effect: 'Allow', Action: actions, Resource, Condition }));
}
