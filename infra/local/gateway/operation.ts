/** One AWS call as the gateway sees it, whatever wire protocol carried it. */
export interface AwsCall {
  /** SigV4 signing name from the credential scope: `ec2`, `monitoring`, `elasticloadbalancing`, `ebs`, `sqs`... */
  readonly service: string;
  /** Operation name as AWS documents it: `RunInstances`, `GetMetricData`... */
  readonly operation: string;
  readonly region: string;
  /**
   * Parameters as nested plain objects; query-protocol lists (`Filter.1.Name`) are arrays and query values are strings.
   * EC2's parameters have the names and types of the SDK's request (`Filters[0].Name`, numbers, booleans).
   */
  readonly params: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  /** Access key id of the credential scope. */
  readonly accessKeyId: string;
}

/** Answers one operation with a plain object, or a promise of one, that the protocol serializes, or throws an {@link AwsError}. */
export type OperationHandler = (call: AwsCall) => unknown;

/** The operations of one AWS service that the gateway owns; all others of that service go to moto. */
export interface ServiceOperations {
  readonly service: string;
  readonly operations: Readonly<Record<string, OperationHandler>>;
}

/** An error in AWS's own shape: `code` is AWS's error code, `status` the HTTP status it documents. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the error body, such as the `Reason` of the EBS direct APIs. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'AwsError';
  }
}
