import { AwsError, type AwsCall, type ServiceOperations } from '../operation';

interface Target {
  readonly InputTransformer?: { readonly InputTemplate?: string };
  readonly Input?: string;
  readonly InputPath?: string;
}

/** moto leaves `account` out of every event that a target gets as it is; with a template of its own the target gets all that AWS sends. */
const WHOLE_EVENT = '{"version": "0", "id": "<id>", "detail-type": "<detail-type>", "source": "<source>", "account": "<account>", "time": <time>, "region": "<region>", "resources": <resources>, "detail": <detail>}';

/** EventBridge's targets, kept in moto: events arrive there as AWS delivers them. */
export function targetOperations(motoUrl: string): ServiceOperations {
  return {
    service: 'events',
    operations: {
      PutTargets: (call) => forward(motoUrl, { ...call, params: { ...call.params, Targets: targetsOf(call.params).map(withTemplate) } }),
      ListTargetsByRule: async (call) => {
        const answer = await forward(motoUrl, call);
        return { ...answer, Targets: targetsOf(answer).map(withoutTemplate) };
      },
    },
  };
}

function targetsOf(params: Readonly<Record<string, unknown>>): readonly Target[] {
  const targets = params['Targets'];
  return Array.isArray(targets) ? (targets as Target[]) : [];
}

function withTemplate(target: Target): Target {
  const shaped = target.InputTransformer ?? target.Input ?? target.InputPath;
  return shaped === undefined ? { ...target, InputTransformer: { InputTemplate: WHOLE_EVENT } } : target;
}

function withoutTemplate({ InputTransformer, ...target }: Target): Target {
  return InputTransformer === undefined || InputTransformer.InputTemplate === WHOLE_EVENT ? target : { ...target, InputTransformer };
}

async function forward(motoUrl: string, { operation, params, region, accessKeyId }: AwsCall): Promise<Record<string, unknown>> {
  const response = await fetch(motoUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSEvents.${operation}`,
      // moto routes by the scope and doesn't verify signatures.
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/events/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(params),
  });
  const answer = (await response.json()) as Record<string, unknown> & { readonly __type?: string; readonly message?: string };
  if (!response.ok) throw new AwsError(answer.__type ?? 'InternalException', answer.message ?? `moto refuses ${operation}`, response.status);
  return answer;
}
