import type { z } from 'zod';
import { AwsError, type AwsCall } from '../operation';

/** Parameters in the form that an operation of SSM expects. */
export function parse<T>(shape: z.ZodType<T>, call: AwsCall): T {
  const parsed = shape.safeParse(call.params);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AwsError('ValidationException', `1 validation error detected: Value at '${issue?.path.join('.') ?? ''}' failed to satisfy constraint: ${issue?.message ?? 'it is not valid'}`);
}
