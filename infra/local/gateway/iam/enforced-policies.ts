import { z } from 'zod';
import type { PolicyDocument } from '../../../../src/adapters/aws/iam/policy-document';
import type { ControlRoute } from '../control/control-route';
import { parseControlBody } from '../control/control-route';
import type { Cloud } from '../ec2/cloud';
import { AwsError, type AwsCall } from '../operation';
import { askedOf } from './asked-of';
import { isAllowed } from './evaluate-policy';

const ENFORCED = z.strictObject({ accessKeyId: z.string().min(1), policy: z.custom<PolicyDocument>((value) => Array.isArray((value as PolicyDocument | null)?.Statement), 'expected a policy document') });

/** What access keys may do. A key that was told of nothing may do everything, as the root of an account. */
export class EnforcedPolicies {
  private readonly policies = new Map<string, PolicyDocument>();

  constructor(private readonly cloud: Cloud) {}

  readonly routes: readonly ControlRoute[] = [
    {
      method: 'PUT',
      path: '/_local/policies',
      handler: ({ body }) => {
        const { accessKeyId, policy } = parseControlBody(ENFORCED, body);
        this.policies.set(accessKeyId, policy);
        return {};
      },
    },
    { method: 'DELETE', path: '/_local/policies', handler: () => (this.policies.clear(), {}) },
  ];

  /** @throws AwsError as AWS refuses what no statement allows */
  readonly authorize = (call: AwsCall): void => {
    const policy = this.policies.get(call.accessKeyId);
    if (policy === undefined) return;
    const refused = askedOf(call, this.cloud).find((asked) => !isAllowed(policy, asked));
    if (refused === undefined) return;
    const message = `User: ${call.accessKeyId} is not authorized to perform: ${refused.action} on resource: ${refused.resource ?? '*'} because no identity-based policy allows the action`;
    throw new AwsError(call.service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDenied', message, 403);
  };
}
