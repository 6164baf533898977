import { dayLengthOf } from '../day-length';
import { fillGaps, type FilledValues } from '../fill-gaps';
import { inputColumns } from '../inputs/input-columns';
import type { LoadSeries } from '../load-series';
import { loadTensorBackend } from '../tensor-backend';
import { rowWeights } from './row-weights';
import { fitAdditive, type AdditiveFit, type AdditivePriors } from './fit-additive';

/** Fewer steps than this bear no regression. */
export const SHORTEST_ADDITIVE_HISTORY = 24;
/** Values fitted in one product: keeps memory flat however many and long the series are (4 MB of single precision). */
const BATCH_VALUES = 512 * 2016;

/**
 * Fits all series to their first `lengths[i]` steps, those of one length and step together.
 *
 * @returns a fit per series, in their order; null where the length bears none
 */
export async function fitBatches(series: readonly LoadSeries[], lengths: readonly number[], priors?: AdditivePriors): Promise<(AdditiveFit | null)[]> {
  const fits: (AdditiveFit | null)[] = series.map(() => null);
  const groups = new Map<string, number[]>();
  series.forEach((one, i) => {
    const length = lengths[i] as number;
    if (length < SHORTEST_ADDITIVE_HISTORY) return;
    const key = `${length}/${one.stepMs}`;
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  if (groups.size === 0) return fits;
  const tf = await loadTensorBackend();
  for (const members of groups.values()) {
    const size = Math.max(1, Math.floor(BATCH_VALUES / (lengths[members[0] as number] as number)));
    for (let at = 0; at < members.length; at += size) {
      const batch = members.slice(at, at + size);
      const filled: FilledValues[] = batch.map((i) => {
        const one = series[i] as LoadSeries;
        return fillGaps(one.values.slice(0, lengths[i]), dayLengthOf(one));
      });
      const weights = batch.map((i) => rowWeights(series[i] as LoadSeries, lengths[i] as number));
      const inputs = batch.map((i) => inputColumns(series[i] as LoadSeries));
      fitAdditive(tf, filled, dayLengthOf(series[batch[0] as number] as LoadSeries), weights, inputs, priors).forEach((fit, k) => (fits[batch[k] as number] = fit));
    }
  }
  return fits;
}
