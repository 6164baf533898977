import type { Rank, Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { STANDARD_LEVELS } from '../forecast-model';
import { ANCHOR_LEVELS } from '../gate/anchor-levels';
import { PEAK_INPUTS } from '../peak/peak-input';
import { mixPeak, shiftWidth, standardInput, UPPER_SHARE, type PeakWeights } from '../peak/peak-network';
import { PEAK_RULE_NAMES } from '../peak/peak-rules';
import type { TensorLibrary } from '../tensor-backend';
import { levelsOfAnchors } from './levels-of-anchors';
import type { PeakExample } from './peak-example';
import { foldOf } from './read-traces';
import { lehmer } from './train-gate';

const HIDDEN = 32;
const EPOCHS = 8;
const BATCH = 128;
const LEARNING_RATE = 4e-3;
const DROPOUT = 0.3;
const PENALTY = 1e-5;
/** Added to the ratio of losses before its logarithm. */
const RATIO_FLOOR = 0.3;
/** A rule's loss counts at first with this power. */
const FIRST_SHARPNESS = 1;
/** Losses of the 0.95 quantile above this, in units of the scale, tell of an accident that nobody could foresee. */
const LARGEST_TOP_LOSS = 8;
const INNER_FOLDS = 4;
/** Where the topmost quantile is to hold on unseen machines: a little above its level, since a few days' histories do not show a load's accidents. */
const TOP_LEVEL = 0.955;

/**
 * Trains the gate of the highest value (Adam, Kingma and Ba 2015), and then the shifts of its quantiles on machines that it was not trained on (cross-conformal,
 * Vovk 2015). Every series counts the same. Deterministic by seed on one backend.
 */
export function trainPeak(tf: TensorLibrary, examples: readonly PeakExample[], seed: number): PeakWeights {
  const unseen = Array.from({ length: INNER_FOLDS }, (_, fold) => {
    const isOut = ({ entity }: PeakExample) => foldOf(`peak/${entity}`, INNER_FOLDS) === fold;
    const weights = fitLayers(tf, examples.filter((one) => !isOut(one)), seed);
    return examples.filter(isOut).map((example) => ({ example, mixed: mixPeak(weights, example.input) }));
  }).flat();
  return { ...fitLayers(tf, examples, seed), shift: shiftsFor(unseen.flatMap(({ example, mixed }) => (mixed === null ? [] : [{ example, mixed }]))) };
}

/** `[standard level]`: the weighted quantile of how far, in widths, the truth was beyond each quantile. */
function shiftsFor(unseen: readonly { readonly example: PeakExample; readonly mixed: Float64Array }[]): Float32Array {
  const weights = seriesWeights(unseen.map(({ example }) => example));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(STANDARD_LEVELS, (level, l) => {
    const wanted = l === STANDARD_LEVELS.length - 1 ? TOP_LEVEL : level;
    const ranked = unseen.map(({ example, mixed }, i) => ({ beyond: (example.truth - (mixed[l] as number)) / shiftWidth(mixed), weight: weights[i] as number })).sort((a, b) => a.beyond - b.beyond);
    let sum = 0;
    return ranked.find(({ weight }) => (sum += weight) >= wanted * total)?.beyond ?? 0;
  });
}

/** One over how many examples a series has. */
function seriesWeights(examples: readonly PeakExample[]): number[] {
  const counts = new Map<string, number>();
  for (const { seriesId } of examples) counts.set(seriesId, (counts.get(seriesId) ?? 0) + 1);
  return examples.map(({ seriesId }) => 1 / (counts.get(seriesId) as number));
}

function fitLayers(tf: TensorLibrary, examples: readonly PeakExample[], seed: number): PeakWeights {
  const { centre, spread } = inputMoments(examples);
  const rules = PEAK_RULE_NAMES.length;
  const outputs = ANCHOR_LEVELS.length * rules + 2;
  const first = tf.variable<Rank.R2>(tf.randomNormal([PEAK_INPUTS, HIDDEN], 0, 1 / Math.sqrt(PEAK_INPUTS), 'float32', seed));
  const firstBias = tf.variable(tf.zeros([HIDDEN]));
  const second = tf.variable<Rank.R2>(tf.randomNormal([HIDDEN, outputs], 0, 0.01, 'float32', seed + 1));
  const secondBias = tf.variable(tf.zeros([outputs]));
  const sharpness = tf.variable(tf.fill([ANCHOR_LEVELS.length], FIRST_SHARPNESS));
  const ofAnchors = tf.tensor2d(levelsOfAnchors());
  const levels = tf.tensor2d([[...STANDARD_LEVELS]]);
  const upper = tf.tensor2d([[...UPPER_SHARE]]);
  const median = (STANDARD_LEVELS.length - 1) / 2;
  const random = lehmer(seed);
  const draw = drawer(seriesWeights(examples), random);
  const optimizer = tf.train.adam(LEARNING_RATE);
  const tunable = optimizer as unknown as { learningRate: number };
  const steps = Math.floor((EPOCHS * examples.length) / BATCH);
  for (let step = 0; step < steps; step++) {
    tunable.learningRate = LEARNING_RATE * (1 - (0.9 * step) / steps);
    const batch = Array.from({ length: BATCH }, () => examples[draw()] as PeakExample);
    tf.tidy(() => {
      const x = tf.tensor2d(batch.map(({ input }) => Array.from(input.inputs, (value, i) => standardInput(value, centre[i] as number, spread[i] as number))));
      const rows = tf.tensor3d(batch.map(({ input }) => input.rows.map((row) => Array.from(row ?? new Float64Array(STANDARD_LEVELS.length)))));
      const closed = tf.tensor3d(batch.map(({ input }) => [input.rows.map((row) => (row === null ? -1e9 : 0))]));
      const prior = tf.tensor3d(batch.map(({ input }) => input.logLosses.map((row) => Array.from(row))));
      const truth = tf.tensor2d(batch.map((one) => [one.truth]));
      const pinball = (quantiles: Tensor) => {
        const error = truth.sub(quantiles);
        return tf.maximum(error.mul(levels), error.mul(levels.sub(1)));
      };
      const reference = pinball(tf.tensor2d(batch.map((one) => Array.from(one.yesterday)))).mean(1);
      const kept = tf.tensor2d([Array.from({ length: HIDDEN }, () => (random() < DROPOUT ? 0 : 1 / (1 - DROPOUT)))]);
      optimizer.minimize(() => {
        const layer = tf.tanh(tf.add(tf.matMul(x, first), firstBias)).mul<Tensor2D>(kept);
        const said = tf.add<Tensor2D>(tf.matMul(layer, second), secondBias);
        const ofRules = said.slice([0, 0], [BATCH, outputs - 2]).reshape([BATCH, ANCHOR_LEVELS.length, rules]);
        const weights = tf.softmax(ofRules.sub(prior.mul(sharpness.reshape([1, ANCHOR_LEVELS.length, 1]))).add(closed));
        const byLevel = tf.matMul(weights.transpose([0, 2, 1]).reshape<Tensor2D>([BATCH * rules, ANCHOR_LEVELS.length]), ofAnchors).reshape([BATCH, rules, STANDARD_LEVELS.length]);
        const mixed = byLevel.mul(rows).sum<Tensor2D>(1);
        const centreRow = mixed.slice([0, median], [BATCH, 1]);
        const stretch = said.slice([0, outputs - 2], [BATCH, 1]).clipByValue(-1.5, 1.5).mul(upper).exp();
        const lift = said.slice([0, outputs - 1], [BATCH, 1]).sub(3).softplus().mul(upper.square());
        const isUpper = upper.greater(0).toFloat();
        const stretched = mixed.add(isUpper.mul(centreRow.add(mixed.sub(centreRow).mul(stretch)).add(lift).sub(mixed)));
        const losses = pinball(stretched);
        const ratio = tf.log(losses.mean(1).div(reference.add(0.05)).add(RATIO_FLOOR)).mean();
        const top = losses.slice([0, STANDARD_LEVELS.length - 1], [BATCH, 1]).minimum(LARGEST_TOP_LOSS).mean();
        const penalty = tf.sum(tf.square(first)).add(tf.sum(tf.square(second))).mul(PENALTY);
        return ratio.add(top).add<Scalar>(penalty);
      });
    });
  }
  const take = (tensor: Tensor) => Float32Array.from(tensor.dataSync());
  const weights = { rules: PEAK_RULE_NAMES, hidden: HIDDEN, centre, spread, first: take(first), firstBias: take(firstBias), second: take(second), secondBias: take(secondBias), sharpness: take(sharpness) };
  tf.dispose([first, firstBias, second, secondBias, sharpness, ofAnchors, levels, upper]);
  optimizer.dispose();
  return { ...weights, shift: new Float32Array(STANDARD_LEVELS.length) };
}

function inputMoments(examples: readonly PeakExample[]): { readonly centre: Float32Array; readonly spread: Float32Array } {
  const over = (valueOf: (value: number, i: number) => number) =>
    Float32Array.from({ length: PEAK_INPUTS }, (_, i) => examples.reduce((sum, { input }) => sum + valueOf(input.inputs[i] as number, i), 0) / examples.length);
  const centre = over((value) => value);
  return { centre, spread: over((value, i) => (value - (centre[i] as number)) ** 2).map((variance) => Math.sqrt(variance) + 1e-3) };
}

/** Draws places in proportion to weights. */
function drawer(weights: readonly number[], random: () => number): () => number {
  const sums: number[] = [];
  weights.reduce((sum, weight, i) => (sums[i] = sum + weight), 0);
  const total = sums.at(-1) ?? 0;
  return () => {
    const at = random() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
