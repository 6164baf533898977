import type { LayersModel, Scalar, Tensor3D, Variable } from '@tensorflow/tfjs';
import { createRandomStream, type RandomStream } from '../../domain/seeded-random';
import type { TensorLibrary } from '../tensor-backend';
import { AHEAD, CHANNELS, PATCHES } from './load-window';
import { createNetwork, exportWeights, HEAD_LEVELS, quantilesOf, type LstmWeights } from './lstm-network';
import { drawWindows, type NetworkSeries, type WindowSet } from './training-windows';

/** A trained network, and how far what came lay from its forecasts. Plain JSON. */
export interface TrainedLstm {
  readonly weights: LstmWeights;
  /** `[window][step]` of windows held out: distances from the median, in units of the way to the outer quantile on that side. */
  readonly errors: readonly (readonly number[])[];
}

const MOST_WINDOWS = 6000;
const MOST_HELD_OUT = 240;
/** Fewer windows than this teach nothing. */
const FEWEST_WINDOWS = 32;
const FEWEST_HELD_OUT = 8;
// On WebAssembly a batch costs by its count of operations rather than its size: 54 ms for 128 windows, 40 ms for 64.
const BATCH = 128;
const LEARNING_RATE = 0.01;
/** Errors of held-out windows beyond so many units count as this. */
const LARGEST_ERROR = 50;

/**
 * Trains one network across series, by the pinball loss (Koenker and Bassett 1978) of its quantiles and Adam with a falling rate. Deterministic by seed.
 *
 * @param batches how many of 128 windows each
 * @returns null where the histories hold too few windows
 */
export function trainLstm(tf: TensorLibrary, series: readonly NetworkSeries[], batches: number, seed: number): TrainedLstm | null {
  const random = createRandomStream(seed);
  const { training, heldOut } = drawWindows(series, { training: MOST_WINDOWS, heldOut: MOST_HELD_OUT }, random);
  if (training.count < FEWEST_WINDOWS || heldOut.count < FEWEST_HELD_OUT) return null;
  const network = createNetwork(tf, seed);
  const optimizer = tf.train.adam(LEARNING_RATE);
  const variables = network.trainableWeights.map((weight) => weight.read() as Variable);
  let order: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    if (order.length < BATCH) order = [...order, ...shuffled(training.count, random)];
    const members = order.splice(0, Math.min(BATCH, training.count));
    // Cosine decay: large steps first, small ones to settle.
    (optimizer as unknown as { learningRate: number }).learningRate = (LEARNING_RATE * (1 + Math.cos((Math.PI * batch) / batches))) / 2;
    const { inputs, targets } = pick(training, members);
    tf.tidy(() => {
      const [given, wanted] = [tf.tensor3d(inputs, [members.length, PATCHES, CHANNELS]), tf.tensor3d(targets, [members.length, AHEAD, 1])];
      optimizer.minimize(() => pinball(tf, network, given, wanted), false, variables);
    });
  }
  const result = { weights: exportWeights(network), errors: errorsOf(tf, network, heldOut) };
  optimizer.dispose();
  network.dispose();
  return result;
}

function pinball(tf: TensorLibrary, network: LayersModel, inputs: Tensor3D, targets: Tensor3D): Scalar {
  const errors = targets.sub(quantilesOf(tf, network, inputs));
  const levels = tf.tensor1d([...HEAD_LEVELS]);
  return tf.maximum(errors.mul(levels), errors.mul(levels.sub(1))).mean();
}

function errorsOf(tf: TensorLibrary, network: LayersModel, { count, inputs, targets }: WindowSet): number[][] {
  const quantiles = tf.tidy(() => quantilesOf(tf, network, tf.tensor3d(inputs, [count, PATCHES, CHANNELS])).dataSync<'float32'>());
  return Array.from({ length: count }, (_, w) =>
    Array.from({ length: AHEAD }, (_unused, h) => {
      const at = (w * AHEAD + h) * HEAD_LEVELS.length;
      const error = (targets[w * AHEAD + h] as number) - (quantiles[at + 1] as number);
      const way = error < 0 ? (quantiles[at + 1] as number) - (quantiles[at] as number) : (quantiles[at + 2] as number) - (quantiles[at + 1] as number);
      return Number(Math.min(LARGEST_ERROR, Math.max(-LARGEST_ERROR, error / Math.max(way, 1e-6))).toPrecision(6));
    }),
  );
}

function pick({ inputs, targets }: WindowSet, members: readonly number[]): { inputs: Float32Array; targets: Float32Array } {
  const width = PATCHES * CHANNELS;
  const picked = { inputs: new Float32Array(members.length * width), targets: new Float32Array(members.length * AHEAD) };
  members.forEach((w, i) => {
    picked.inputs.set(inputs.subarray(w * width, (w + 1) * width), i * width);
    picked.targets.set(targets.subarray(w * AHEAD, (w + 1) * AHEAD), i * AHEAD);
  });
  return picked;
}

function shuffled(count: number, random: RandomStream): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
