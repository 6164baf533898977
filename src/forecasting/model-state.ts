import { createHash } from 'node:crypto';
import type { ModelState } from './forecast-model';
import type { LoadSeries } from './load-series';

/** Completes a state by its digest (SHA-256 over its JSON). */
export function sealState(state: Omit<ModelState, 'digest'>): ModelState {
  return { ...state, digest: digestOf(state) };
}

/** @throws RangeError where a state belongs to another model or version, or was changed after it was sealed */
export function checkState(state: ModelState, model: string, version: string): void {
  if (state.model !== model || state.version !== version) {
    throw new RangeError(`state: expected ${model} ${version}, got ${state.model} ${state.version}`);
  }
  if (digestOf(state) !== state.digest) throw new RangeError('state: its digest does not fit its content');
}

function digestOf({ model, version, seed, trainedFromMs, trainedToMs, body }: Omit<ModelState, 'digest'>): string {
  return createHash('sha256').update(JSON.stringify([model, version, seed, trainedFromMs, trainedToMs, body])).digest('hex');
}

/** The earliest and latest time among series; zeros for none. */
export function trainingWindow(series: readonly LoadSeries[]): Pick<ModelState, 'trainedFromMs' | 'trainedToMs'> {
  if (series.length === 0) return { trainedFromMs: 0, trainedToMs: 0 };
  return {
    trainedFromMs: series.reduce((earliest, one) => Math.min(earliest, one.startAtMs), Infinity),
    trainedToMs: series.reduce((latest, one) => Math.max(latest, one.startAtMs + (one.values.length - 1) * one.stepMs), -Infinity),
  };
}
