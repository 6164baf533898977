/** Beyond this, a number counts milliseconds and not seconds: the year 5138. */
const LATEST_SECONDS = 1e11;
const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The time, in ms, that a cell of a table stands for; NaN where it is none. Numbers are Unix seconds or milliseconds. Wall-clock times without a zone are taken as
 * UTC: read in this machine's zone they would jump where its clocks change.
 */
export function readTimeMs(text: string): number {
  if (NUMBER.test(text)) return Math.abs(Number(text)) < LATEST_SECONDS ? Number(text) * 1000 : Number(text);
  const asUtc = Date.parse(`${text}Z`);
  return Number.isNaN(asUtc) ? Date.parse(text) : asUtc;
}
