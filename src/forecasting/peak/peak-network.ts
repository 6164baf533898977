import { ANCHOR_LEVELS, anchorPlace } from '../gate/anchor-levels';
import { STANDARD_LEVELS } from '../forecast-model';

/** Trained numbers of the highest value's gate. Quantities are in units of the usual change of the highest value, from the latest one. */
export interface PeakWeights {
  /** Names of the rules, in order: a gate fits no other list. */
  readonly rules: readonly string[];
  readonly hidden: number;
  /** `[input]`: what the inputs were on average in training, and how far they spread. */
  readonly centre: Float32Array;
  readonly spread: Float32Array;
  /** `[input][hidden]` */
  readonly first: Float32Array;
  readonly firstBias: Float32Array;
  /** `[hidden][anchors * rules + 2]` */
  readonly second: Float32Array;
  readonly secondBias: Float32Array;
  /** `[anchor]`: a rule's weight is its recent loss to the power of minus this, times what the layers say. */
  readonly sharpness: Float32Array;
  /** `[standard level]`: what each quantile is moved by, times the width, so that on unseen machines it holds as often as it should. */
  readonly shift: Float32Array;
}

/** What the gate is told of one history. */
export interface PeakInput {
  readonly inputs: Float64Array;
  /** `[anchor][rule]`: logarithm of a rule's recent loss over the best rule's, 0..6. */
  readonly logLosses: readonly Float64Array[];
  /** `[rule][standard level]`; null for a rule that has seen too little. */
  readonly rows: readonly (Float64Array | null)[];
}

const LEVELS = STANDARD_LEVELS.length;
const MEDIAN = (LEVELS - 1) / 2;
/** Inputs further than this from what training showed tell no more. */
const FURTHEST = 4;
/** Logarithm of the most that the network stretches by. */
const MOST_STRETCH = 1.5;
/** Added to the width that shifts are in proportion to: a calm load may burst too. */
const LEAST_WIDTH = 0.25;

/** Share of each level's way from the median to the outermost, 0 below the median. */
export const UPPER_SHARE: readonly number[] = STANDARD_LEVELS.map((level) => Math.max(0, (level - 0.5) / 0.45));

/** `[standard level]`, rising: the mixture as the layers make it, without the shift. Null where no rule can tell. */
export function mixPeak(weights: PeakWeights, { inputs, logLosses, rows }: PeakInput): Float64Array | null {
  const usable = rows.flatMap((row, r) => (row === null ? [] : [r]));
  if (usable.length === 0) return null;
  const said = runLayers(weights, inputs);
  const rules = rows.length;
  const byAnchor = ANCHOR_LEVELS.map((_, a) => {
    const logits = usable.map((r) => (said[a * rules + r] as number) - (weights.sharpness[a] as number) * ((logLosses[a] as Float64Array)[r] as number));
    return softmax(logits);
  });
  const mixed = Float64Array.from(STANDARD_LEVELS, (level, l) => {
    const { below, share } = anchorPlace(level);
    return usable.reduce((sum, r, k) => sum + (((byAnchor[below] as number[])[k] as number) * (1 - share) + ((byAnchor[below + 1] as number[])[k] as number) * share) * ((rows[r] as Float64Array)[l] as number), 0);
  });
  const stretch = Math.max(-MOST_STRETCH, Math.min(MOST_STRETCH, said[said.length - 2] as number));
  const lift = Math.log1p(Math.exp((said[said.length - 1] as number) - 3));
  const median = mixed[MEDIAN] as number;
  return mixed
    .map((value, l) => {
      const share = UPPER_SHARE[l] as number;
      return share > 0 ? median + (value - median) * Math.exp(stretch * share) + lift * share * share : value;
    })
    .sort();
}

/** The width that shifts are in proportion to. */
export function shiftWidth(mixed: Float64Array): number {
  return (mixed[LEVELS - 1] as number) - (mixed[0] as number) + LEAST_WIDTH;
}

/** `[standard level]`, rising: the quantiles moved to where they hold as often as they should. */
export function shiftPeak({ shift }: Pick<PeakWeights, 'shift'>, mixed: Float64Array): Float64Array {
  const width = shiftWidth(mixed);
  return mixed.map((value, l) => value + width * (shift[l] as number)).sort();
}

function runLayers({ hidden, centre, spread, first, firstBias, second, secondBias }: PeakWeights, inputs: Float64Array): Float64Array {
  const layer = Float64Array.from(firstBias);
  for (let i = 0; i < inputs.length; i++) {
    const value = standardInput(inputs[i] as number, centre[i] as number, spread[i] as number);
    for (let k = 0; k < hidden; k++) layer[k] = (layer[k] as number) + value * (first[i * hidden + k] as number);
  }
  const said = Float64Array.from(secondBias);
  for (let k = 0; k < hidden; k++) {
    const value = Math.tanh(layer[k] as number);
    for (let j = 0; j < said.length; j++) said[j] = (said[j] as number) + value * (second[k * said.length + j] as number);
  }
  return said;
}

/** An input as the layers take it. */
export function standardInput(value: number, centre: number, spread: number): number {
  return Math.max(-FURTHEST, Math.min(FURTHEST, (value - centre) / spread));
}

function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const raised = logits.map((logit) => Math.exp(logit - top));
  const sum = raised.reduce((total, value) => total + value, 0);
  return raised.map((value) => value / sum);
}
