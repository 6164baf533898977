import { ANCHOR_LEVELS } from './anchor-levels';
import type { GateInput } from './gate-input';
import { partOfStep } from './rule-losses';

/** Trained numbers of one gate: a layer of tanh units, and how much a recent loss counts. */
export interface GateWeights {
  /** Names of the rules, in order: a gate fits no other list. */
  readonly rules: readonly string[];
  readonly inputs: number;
  readonly hidden: number;
  /** `[inputs][hidden]` */
  readonly first: Float32Array;
  readonly firstBias: Float32Array;
  /** `[hidden][rules * anchors]` */
  readonly second: Float32Array;
  readonly secondBias: Float32Array;
  /** `[anchor]`: a rule's weight is its overall loss to the power of minus this ... */
  readonly sharpness: Float32Array;
  /** `[anchor]`: ... times its loss in the target's part of the horizon, at the levels around the anchor, to the power of minus this, times what the layers say. */
  readonly partSharpness: Float32Array;
}

/** What the gate weighs for: a step (from 0) of a horizon, or the highest value over all steps. Both in steps. */
export interface GateTarget {
  readonly step: number | 'peak';
  readonly horizon: number;
}

/** The horizon at which a gate's own input for the horizon is 0, in steps. */
const SHORTEST_HORIZON = 6;

/** The inputs of the network's first layer: the series and the losses, and the target behind them. */
export function networkInput(input: GateInput, target: GateTarget): Float64Array {
  const known = knownInput(input);
  const wanted = targetInput(target);
  const all = new Float64Array(known.length + wanted.length);
  all.set(known);
  all.set(wanted, known.length);
  return all;
}

/** A rule that cannot forecast has no loss; the average one tells the network least. */
function knownInput({ series, logLosses }: GateInput): Float64Array {
  const known = new Float64Array(series.length + logLosses.length);
  known.set(series);
  for (let r = 0; r < logLosses.length; r++) known[series.length + r] = Number.isFinite(logLosses[r]) ? (logLosses[r] as number) / 2 : 1;
  return known;
}

function targetInput({ step, horizon }: GateTarget): readonly number[] {
  const share = step === 'peak' ? 1 : (step + 1) / horizon;
  return [share, share * share, step === 'peak' ? 1 : 0, Math.log(horizon / SHORTEST_HORIZON) / 2];
}

/** `[anchor][rule]`: the log losses that weigh for a target. */
export function lossesForTarget({ logLossesByPart }: GateInput, { step, horizon }: GateTarget): readonly Float64Array[] {
  return logLossesByPart[step === 'peak' ? logLossesByPart.length - 1 : partOfStep(step, horizon)] as readonly Float64Array[];
}

/**
 * Weights of the rules at each anchor level, for one target after the other: softmax of what the network says less the recent losses' logarithms
 * times their sharpness (the prior; learning it from the losses as mere inputs would overfit to the few machines that a gate is trained on).
 *
 * @returns a function from a target to `[anchor][rule]` in one array, each row summing to 1; all 0 where no rule can forecast
 */
export function askGate(weights: GateWeights, input: GateInput): (target: GateTarget) => Float64Array {
  const known = knownInput(input);
  const base = new Float64Array(weights.firstBias);
  addProducts(base, known, weights.first, 0);
  const layer = new Float64Array(weights.hidden);
  const rules = weights.rules.length;
  return (target) => {
    layer.set(base);
    addProducts(layer, targetInput(target), weights.first, known.length * weights.hidden);
    for (let k = 0; k < layer.length; k++) layer[k] = Math.tanh(layer[k] as number);
    const said = new Float64Array(weights.secondBias);
    addProducts(said, layer, weights.second, 0);
    const ofPart = lossesForTarget(input, target);
    for (let a = 0; a < ANCHOR_LEVELS.length; a++) {
      const ofAnchor = ofPart[a] as Float64Array;
      const logits = said.subarray(a * rules, (a + 1) * rules);
      for (let r = 0; r < rules; r++) {
        const loss = input.logLosses[r] as number;
        const prior = (weights.sharpness[a] as number) * loss + (weights.partSharpness[a] as number) * (ofAnchor[r] as number);
        logits[r] = loss < Infinity ? (logits[r] as number) - prior : -Infinity;
      }
      toShares(logits);
    }
    return said;
  };
}

/** Adds `inputs` times the rows of a matrix that begins at `offset`, a row an input. Four rows at once: loading and storing the sums is most of the time. */
function addProducts(sums: Float64Array, inputs: ArrayLike<number>, matrix: Float32Array, offset: number): void {
  const width = sums.length;
  let i = 0;
  for (; i + 3 < inputs.length; i += 4) {
    const [a, b, c, d] = [inputs[i] as number, inputs[i + 1] as number, inputs[i + 2] as number, inputs[i + 3] as number];
    const row = offset + i * width;
    for (let k = row; k < row + width; k++) {
      const added = a * (matrix[k] as number) + b * (matrix[k + width] as number) + c * (matrix[k + 2 * width] as number) + d * (matrix[k + 3 * width] as number);
      sums[k - row] = (sums[k - row] as number) + added;
    }
  }
  for (; i < inputs.length; i++) {
    const value = inputs[i] as number;
    for (let k = 0; k < width; k++) sums[k] = (sums[k] as number) + value * (matrix[offset + i * width + k] as number);
  }
}

/** Softmax in place; all 0 where every logit is -Infinity. */
function toShares(logits: Float64Array): void {
  let highest = -Infinity;
  for (let r = 0; r < logits.length; r++) if ((logits[r] as number) > highest) highest = logits[r] as number;
  let sum = 0;
  for (let r = 0; r < logits.length; r++) {
    logits[r] = highest === -Infinity ? 0 : Math.exp((logits[r] as number) - highest);
    sum += logits[r] as number;
  }
  for (let r = 0; r < logits.length && sum > 0; r++) logits[r] = (logits[r] as number) / sum;
}
