/**
 * Continues a regressor beyond what is known of it: its mean at the same time of day (over all, where it is shorter than two days), and how far it was from that
 * at its end, fading as such distances did.
 *
 * @returns the value so many steps after the last one, from 0
 */
export function continueRegressor(values: Float64Array, dayLength: number): (ahead: number) => number {
  const period = values.length >= 2 * dayLength ? dayLength : 1;
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  values.forEach((value, i) => {
    sums[i % period] = (sums[i % period] as number) + value;
    counts[i % period] = (counts[i % period] as number) + 1;
  });
  const usual = (i: number): number => (sums[i % period] as number) / (counts[i % period] as number);
  const off = values.map((value, i) => value - usual(i));
  let product = 0;
  let square = 0;
  for (let i = 1; i < off.length; i++) {
    product += (off[i] as number) * (off[i - 1] as number);
    square += (off[i - 1] as number) ** 2;
  }
  const fading = square > 0 ? Math.min(1, Math.max(0, product / square)) : 0;
  const last = off[off.length - 1] as number;
  return (ahead) => usual(values.length + ahead) + last * fading ** (ahead + 1);
}
