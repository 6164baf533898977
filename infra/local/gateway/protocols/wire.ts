import type { AwsCall, AwsError } from '../operation';

/** An HTTP request with its body already collected and decompressed. */
export interface WireRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** The operation and parameters that a request carries. */
export interface WireCall {
  readonly operation: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** One of AWS's wire protocols, seen from the server. */
export interface WireProtocol {
  /** Throws an {@link AwsError} when the request is malformed. */
  read(request: WireRequest): WireCall;
  write(call: AwsCall, result: unknown): WireReply;
  writeError(error: AwsError, requestId: string): WireReply;
  /** The code that AWS uses for an operation that does not exist. */
  readonly unknownOperationCode: string;
}

/** First value of a header, undefined when it is absent. */
export function headerOf(request: Pick<WireRequest, 'headers'>, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
