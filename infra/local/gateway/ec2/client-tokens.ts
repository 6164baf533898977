import { AwsError } from '../operation';

interface Remembered {
  readonly request: string;
  readonly result: Promise<unknown>;
}

/**
 * Makes creations happen once per ClientToken. A second caller, even while the first is still at work, gets the first
 * one's result; a refused creation is forgotten, so that it can be tried again.
 */
export class ClientTokens {
  private readonly remembered = new Map<string, Remembered>();

  constructor(private readonly mismatch: (token: string) => AwsError = idempotentParameterMismatch) {}

  /** Runs `create` unless this token already created something with the same request. */
  async once<T>(operation: string, request: object, create: () => Promise<T>): Promise<T> {
    const { ClientToken: token, ...rest } = request as { ClientToken?: string };
    if (token === undefined || token === '') return create();
    const key = `${operation}/${token}`;
    const text = canonical(rest);
    const known = this.remembered.get(key);
    if (known) {
      if (known.request !== text) throw this.mismatch(token);
      return known.result as Promise<T>;
    }
    const result = create();
    this.remembered.set(key, { request: text, result });
    result.catch(() => this.remembered.delete(key));
    return result;
  }
}

function idempotentParameterMismatch(token: string): AwsError {
  const message = `The request uses the same client token (${token}) as a previous, but non-identical request.`;
  return new AwsError('IdempotentParameterMismatch', message);
}

/** JSON with sorted keys: the order of parameters on the wire says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
