import type { Rank, Scalar, ShapeMap, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { STANDARD_LEVELS } from '../forecast-model';
import { ANCHOR_LEVELS } from '../gate/anchor-levels';
import type { GateWeights } from '../gate/gate-network';
import type { TensorLibrary } from '../tensor-backend';
import type { GateExample } from './gate-example';
import { levelsOfAnchors } from './levels-of-anchors';

export interface GateTraining {
  readonly hidden: number;
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Share of hidden units left out at random in each step of training. */
  readonly dropout: number;
  /** Where the prior's powers of the overall and of the part's loss start, each. */
  readonly sharpness: number;
  /** Weight decay. */
  readonly penalty: number;
  readonly seed: number;
  /** Where training starts, in place of random numbers and `sharpness`: a gate for the same rules and inputs. */
  readonly from?: GateWeights;
}

/** Added to the ratio of losses before its logarithm: flat load told exactly must not rule the training. */
const RATIO_FLOOR = 0.04;
/** One value tells little: a peak met by chance must not count for much more than one met well. */
const PEAK_RATIO_FLOOR = 0.5;
/** How much the peak counts beside the steps. */
const PEAK_SHARE = 0.3;

/**
 * Trains a gate to minimise the mean logarithm of the mixture's pinball loss over the reference's (Adam, Kingma and Ba 2015). Deterministic by
 * seed on one backend.
 *
 * @param rules names of the rules, in the order of the examples
 * @param onEpoch called with the mean loss after each epoch
 */
export function trainGate(tf: TensorLibrary, examples: readonly GateExample[], rules: readonly string[], options: GateTraining, onEpoch: (loss: number) => void): GateWeights {
  const usable = examples.filter(({ referenceLoss }) => referenceLoss > 1e-9);
  const targets = (usable[0] as GateExample).truth.length;
  const inputs = (usable[0] as GateExample).inputs.length / targets;
  const { hidden, seed, from } = options;
  const outputs = rules.length * ANCHOR_LEVELS.length;
  const start = <R extends Rank>(known: Float32Array | undefined, shape: ShapeMap[R], fresh: () => Tensor<R>) => tf.variable<R>(known === undefined ? fresh() : tf.tensor<R>(known, shape));
  const first = start<Rank.R2>(from?.first, [inputs, hidden], () => tf.randomNormal([inputs, hidden], 0, 1 / Math.sqrt(inputs), 'float32', seed));
  const firstBias = start<Rank.R1>(from?.firstBias, [hidden], () => tf.zeros([hidden]));
  const second = start<Rank.R2>(from?.second, [hidden, outputs], () => tf.randomNormal([hidden, outputs], 0, 0.02, 'float32', seed + 1));
  const secondBias = start<Rank.R1>(from?.secondBias, [outputs], () => tf.zeros([outputs]));
  const powers = (known: Float32Array | undefined) => start<Rank.R1>(known, [ANCHOR_LEVELS.length], () => tf.fill([ANCHOR_LEVELS.length], options.sharpness));
  const sharpness = powers(from?.sharpness);
  const partSharpness = powers(from?.partSharpness);
  const spread = tf.tensor2d(levelsOfAnchors());
  const levels = tf.tensor2d([[...STANDARD_LEVELS]]);
  const random = lehmer(seed);
  const order = usable.map((_, i) => i);
  const perEpoch = Math.floor(order.length / options.batch);
  const optimizer = tf.train.adam(options.learningRate);
  const tunable = optimizer as unknown as { learningRate: number };
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    let total = 0;
    for (let b = 0; b < perEpoch; b++) {
      tunable.learningRate = options.learningRate * (1 - (epoch * perEpoch + b) / (options.epochs * perEpoch)) + 1e-5;
      const batch = order.slice(b * options.batch, (b + 1) * options.batch).map((i) => usable[i] as GateExample);
      const n = batch.length;
      const loss = tf.tidy(() => {
        const rows = n * targets;
        const x = tf.tensor2d(concat(batch.map((one) => one.inputs)), [rows, inputs]);
        const q = tf.tensor3d(concat(batch.map((one) => one.quantiles)), [rows, rules.length, STANDARD_LEVELS.length]);
        const truths = concat(batch.map((one) => one.truth));
        const seen = tf.tensor2d(truths.map((value) => (Number.isNaN(value) ? 0 : 1)), [rows, 1]);
        const truth = tf.tensor2d(truths.map((value) => (Number.isNaN(value) ? 0 : value)), [rows, 1]);
        const prior = tf.tensor4d(concat(batch.map((one) => repeat(one.logLosses, targets))), [rows, 1, rules.length, 1]);
        const partPrior = tf.tensor4d(concat(batch.map((one) => one.partLogLosses)), [rows, ANCHOR_LEVELS.length, rules.length, 1]);
        const closed = tf.tensor4d(concat(batch.map((one) => repeat(one.usable.map((flag) => (flag - 1) * 1e9), targets))), [rows, 1, rules.length, 1]);
        const reference = tf.tensor1d(batch.map((one) => one.referenceLoss));
        const peakReference = tf.tensor1d(batch.map((one) => Math.max(one.peakReferenceLoss, one.referenceLoss)));
        const kept = tf.tensor2d(Float32Array.from({ length: hidden }, () => (random() < options.dropout ? 0 : 1 / (1 - options.dropout))), [1, hidden]);
        const value = optimizer.minimize(() => {
          const layer = tf.tanh(tf.add(tf.matMul(x, first), firstBias)).mul<Tensor2D>(kept);
          const said = tf.add(tf.matMul(layer, second), secondBias).reshape([rows, ANCHOR_LEVELS.length, rules.length, 1]);
          const byAnchor = (powers: Tensor) => powers.reshape([1, ANCHOR_LEVELS.length, 1, 1]);
          const logits = said.sub(prior.mul(byAnchor(sharpness))).sub(partPrior.mul(byAnchor(partSharpness))).add(closed);
          const weights = tf.softmax(logits.reshape([rows * ANCHOR_LEVELS.length, rules.length]), 1).reshape([rows, ANCHOR_LEVELS.length, rules.length]);
          const byLevel = tf.matMul(weights.transpose([0, 2, 1]).reshape<Tensor2D>([rows * rules.length, ANCHOR_LEVELS.length]), spread).reshape([rows, rules.length, STANDARD_LEVELS.length]);
          const mixed = byLevel.mul(q).sum(1);
          const error = truth.sub(mixed);
          const pinball = tf.maximum(error.mul(levels), error.mul(levels.sub(1))).mul(seen).sum(1).div(STANDARD_LEVELS.length).reshape([n, targets]);
          const ofSteps = pinball.slice([0, 0], [n, targets - 1]).sum(1).div(seen.reshape([n, targets]).slice([0, 0], [n, targets - 1]).sum(1).maximum(1));
          const ofPeak = pinball.slice([0, targets - 1], [n, 1]).reshape([n]);
          const stepLoss = tf.log(ofSteps.div(reference).add(RATIO_FLOOR)).mean();
          const peakLoss = tf.log(ofPeak.div(peakReference).add(PEAK_RATIO_FLOOR)).mean().mul(PEAK_SHARE);
          const penalty = tf.sum(tf.square(first)).add(tf.sum(tf.square(second))).mul(options.penalty);
          return stepLoss.add(peakLoss).add<Scalar>(penalty);
        }, true);
        return value?.dataSync()[0] ?? NaN;
      });
      total += loss;
    }
    onEpoch(total / perEpoch);
  }
  const take = (tensor: Tensor) => Float32Array.from(tensor.dataSync());
  const weights = { rules, inputs, hidden, first: take(first), firstBias: take(firstBias), second: take(second), secondBias: take(secondBias), sharpness: take(sharpness), partSharpness: take(partSharpness) };
  tf.dispose([first, firstBias, second, secondBias, sharpness, partSharpness, spread, levels]);
  optimizer.dispose();
  return weights;
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function repeat(row: Float32Array, times: number): Float32Array {
  return concat(Array.from({ length: times }, () => row));
}

/** Uniform numbers in [0, 1) (Park and Miller 1988). */
export function lehmer(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
}

function shuffle(order: number[], random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}
