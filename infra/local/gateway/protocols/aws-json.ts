import { AwsError, type AwsCall } from '../operation';
import { headerOf, type WireProtocol, type WireReply, type WireRequest } from './wire';

/** The awsJson1.0 and 1.1 protocols (CloudWatch, SQS, EventBridge...): JSON both ways, timestamps as epoch seconds. */
export const awsJsonProtocol: WireProtocol = {
  unknownOperationCode: 'UnknownOperationException',
  read(request: WireRequest) {
    const target = headerOf(request, 'x-amz-target') ?? '';
    const operation = target.slice(target.lastIndexOf('.') + 1);
    if (operation === '') throw new AwsError('UnknownOperationException', 'The request has no X-Amz-Target', 400);
    return { operation, params: parseObject(request.body) };
  },
  write(call: AwsCall, result: unknown): WireReply {
    return jsonReply(200, call.requestId, epochSeconds(result ?? {}));
  },
  writeError(error: AwsError, requestId: string): WireReply {
    const reply = jsonReply(error.status, requestId, { __type: error.code, message: error.message, ...error.details });
    // Clients of services that once spoke awsQuery read the old code from here.
    const query = `${error.code};${error.status >= 500 ? 'Receiver' : 'Sender'}`;
    return { ...reply, headers: { ...reply.headers, 'x-amzn-query-error': query } };
  },
};

/** The body as a JSON object; an empty body is an empty object. */
export function parseObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON', 400);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError('SerializationException', 'The request body is not a JSON object', 400);
  }
  return value as Record<string, unknown>;
}

/** Replaces dates by epoch seconds, the timestamp format of the JSON protocols. */
export function epochSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(epochSeconds);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, epochSeconds(member)]));
  }
  return value;
}

function jsonReply(status: number, requestId: string, body: unknown): WireReply {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
    body: JSON.stringify(body),
  };
}
