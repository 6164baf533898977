import { AwsError, type AwsCall, type OperationHandler } from '../operation';
import { checkForwardActions } from './check-forward-actions';

/** Operations that moto carries out and after which the traffic has to follow. */
const FORWARDED = [
  'CreateLoadBalancer',
  'DeleteLoadBalancer',
  'CreateListener',
  'ModifyListener',
  'DeleteListener',
  'CreateRule',
  'ModifyRule',
  'DeleteRule',
  'SetRulePriorities',
  'CreateTargetGroup',
  'ModifyTargetGroup',
  'ModifyTargetGroupAttributes',
  'DeleteTargetGroup',
] as const;

const CONDITIONS = new Set(['path-pattern', 'host-header', 'http-header', 'http-request-method']);

export interface ListenerOperationsOptions {
  readonly forward: (call: AwsCall) => Promise<unknown>;
  readonly isKnownGroup: (arn: string) => Promise<boolean>;
  /** Called after every call that moto accepted. */
  readonly onChange: () => void;
}

/** The mutating operations on balancers, listeners, rules and groups: checked here, kept in moto. */
export function listenerOperations(options: ListenerOperationsOptions): Readonly<Record<string, OperationHandler>> {
  const handler: OperationHandler = async (call) => {
    const actions = call.params['DefaultActions'] ?? call.params['Actions'];
    await checkForwardActions(actions, options.isKnownGroup);
    checkConditions(call.params['Conditions']);
    const answer = await options.forward(call);
    options.onChange();
    return answer;
  };
  return Object.fromEntries(FORWARDED.map((name) => [name, handler]));
}

/** A condition that the traffic would ignore must not look as if it worked. */
function checkConditions(conditions: unknown): void {
  for (const condition of Array.isArray(conditions) ? (conditions as unknown[]) : []) {
    const field = (condition as Record<string, unknown> | null)?.['Field'];
    if (typeof field === 'string' && !CONDITIONS.has(field)) {
      throw new AwsError('ValidationError', `Condition field '${field}' is not supported by the local cloud.`);
    }
  }
}
