import { createRandomStream } from '../../domain/seeded-random';
import type { SeriesBounds } from '../load-series';
import { pathsOf, type PathSet } from '../rules/path-rule';
import type { TensorLibrary } from '../tensor-backend';
import { AHEAD, CHANNELS, PATCHES, scaleOfWindow, WINDOW, writeInput, type WindowScale } from './load-window';
import { HEAD_LEVELS, quantilesOf, withNetwork } from './lstm-network';
import type { NetworkSeries } from './training-windows';
import type { TrainedLstm } from './train-lstm';

const PATHS = 120;

/** Paths that feed themselves stay within so many times the range that was seen. */
const REACH = 10;

/**
 * Continues a load by sample paths: the network's median plus the errors that it made on a held-out window, whole, so that errors of neighbouring steps stay
 * together and intervals are as wide as forecasts were wrong. Beyond 24 steps each path goes on from itself, the next 24 at a time (as DeepAR does, Salinas et
 * al. 2020).
 */
export function continueLoad(tf: TensorLibrary, { weights, errors }: TrainedLstm, series: NetworkSeries, horizon: number, bounds: SeriesBounds, seed: number): PathSet {
  const { filled, startAtMs, stepMs, deviation } = series;
  const random = createRandomStream(seed);
  const { lower, upper } = reachOf(filled.values, bounds);
  const history = filled.values.subarray(-WINDOW);
  const firstAtMs = startAtMs + (filled.values.length - WINDOW) * stepMs;
  const rows = Array.from({ length: PATHS }, () => {
    const row = new Float64Array(WINDOW + Math.ceil(horizon / AHEAD) * AHEAD);
    row.set(history);
    return row;
  });
  withNetwork(tf, weights, (network) => {
    for (let done = 0; done < horizon; done += AHEAD) {
      // Before the first block all paths are one.
      const distinct = done === 0 ? rows.slice(0, 1) : rows;
      const inputs = new Float32Array(distinct.length * PATCHES * CHANNELS);
      const scales = distinct.map((row, s): WindowScale => {
        const window = row.subarray(done, done + WINDOW);
        const scale = scaleOfWindow(window, deviation);
        writeInput(inputs, s * PATCHES * CHANNELS, window, scale, firstAtMs + done * stepMs, stepMs);
        return scale;
      });
      const quantiles = tf.tidy(() => quantilesOf(tf, network, tf.tensor3d(inputs, [distinct.length, PATCHES, CHANNELS])).dataSync<'float32'>());
      rows.forEach((row, s) => {
        const own = distinct.length === 1 ? 0 : s;
        const { origin, unit } = scales[own] as WindowScale;
        const error = errors[Math.floor(done === 0 ? (s * errors.length) / PATHS : random() * errors.length)] as readonly number[];
        for (let h = 0; h < AHEAD; h++) {
          const at = (own * AHEAD + h) * HEAD_LEVELS.length;
          const median = quantiles[at + 1] as number;
          const off = error[h] as number;
          const way = off < 0 ? median - (quantiles[at] as number) : (quantiles[at + 2] as number) - median;
          row[WINDOW + done + h] = Math.min(upper, Math.max(lower, origin + unit * (median + off * way)));
        }
      });
    }
  });
  return pathsOf(rows.map((row) => row.subarray(WINDOW, WINDOW + horizon)));
}

function reachOf(values: Float64Array, { lower = -Infinity, upper = Infinity }: SeriesBounds): { lower: number; upper: number } {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return { lower: Math.max(lower, low - REACH * (high - low)), upper: Math.min(upper, high + REACH * (high - low)) };
}
