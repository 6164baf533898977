/** The request cannot be met, and nothing was begun: an answer, not a failure. */
export class Refusal extends Error {
  constructor(
    readonly type: string,
    readonly reasons: readonly string[],
  ) {
    super(reasons[0] ?? type);
    this.name = 'Refusal';
  }
}
