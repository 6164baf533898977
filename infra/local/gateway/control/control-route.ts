import type { z } from 'zod';

export interface ControlRequest {
  /** Values of the `:name` steps of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown;
}

/** One route of the control API. The returned value is sent as JSON. */
export interface ControlRoute {
  readonly method: string;
  /** Such as `/_local/instances/:id/load`. */
  readonly path: string;
  readonly handler: (request: ControlRequest) => unknown;
}

/** A refusal of the control API. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ControlError';
  }
}

/** Parses a control body; a refusal names the field. */
export function parseControlBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new ControlError(400, issues.join('; '));
}
