import type { AwsCall, OperationHandler } from '../operation';

/** A handler with the SDK's types: EC2's protocol gives parameters and takes results in exactly that form. */
export function owned<Input, Result>(handle: (input: Input, call: AwsCall) => Result | Promise<Result>): OperationHandler {
  return (call) => handle(call.params as Input, call);
}
