import type { LayersModel, Tensor, Tensor3D } from '@tensorflow/tfjs';
import { fromBase64, toBase64 } from '../base64-floats';
import type { TensorLibrary } from '../tensor-backend';
import { AHEAD, CHANNELS, PATCHES } from './load-window';

/** Three quantiles of each step; with the errors of past windows in their units they make a whole distribution. */
export const HEAD_LEVELS: readonly number[] = [0.05, 0.5, 0.95];
const UNITS = 24;

/** One array for each weight of the layers, in base64. Plain JSON. */
export type LstmWeights = readonly string[];

/** A recurrent layer (Hochreiter and Schmidhuber 1997) and a dense one to all steps and levels at once (Wen et al. 2017). */
export function createNetwork(tf: TensorLibrary, seed: number): LayersModel {
  const initializer = (offset: number) => tf.initializers.glorotUniform({ seed: seed + offset });
  return tf.sequential({
    layers: [
      tf.layers.lstm({ units: UNITS, inputShape: [PATCHES, CHANNELS], kernelInitializer: initializer(0), recurrentInitializer: initializer(1) }),
      tf.layers.dense({ units: AHEAD * HEAD_LEVELS.length, kernelInitializer: initializer(2) }),
    ],
  });
}

/** Quantiles `[window][step][level]` in the windows' own units; the outer ones are distances made positive, so that they never cross. */
export function quantilesOf(tf: TensorLibrary, network: LayersModel, inputs: Tensor3D): Tensor3D {
  return tf.tidy(() => {
    const raw = (network.apply(inputs) as Tensor).reshape<Tensor3D>([-1, AHEAD, HEAD_LEVELS.length]);
    const [below, median, above] = tf.split(raw, HEAD_LEVELS.length, 2) as [Tensor3D, Tensor3D, Tensor3D];
    return tf.concat([median.sub(tf.softplus(below)), median, median.add(tf.softplus(above))], 2);
  });
}

export function exportWeights(network: LayersModel): LstmWeights {
  return network.getWeights().map((tensor) => toBase64(tensor.dataSync<'float32'>()));
}

/** Runs `work` with the network of these weights, and gives its memory back. */
export function withNetwork<T>(tf: TensorLibrary, weights: LstmWeights, work: (network: LayersModel) => T): T {
  const network = createNetwork(tf, 0);
  const tensors = network.getWeights().map((like, i) => tf.tensor(fromBase64(weights[i] as string), like.shape));
  try {
    network.setWeights(tensors);
    return work(network);
  } finally {
    tf.dispose(tensors);
    network.dispose();
  }
}
