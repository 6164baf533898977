/** Input that no forecast can be made from. `field` is the path of the offending field, such as `series[2].values[17]`. */
export class InvalidSeriesError extends Error {
  override readonly name = 'InvalidSeriesError';

  constructor(
    readonly field: string,
    reason: string,
  ) {
    super(`${field}: ${reason}`);
  }
}
