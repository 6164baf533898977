import type { GateInput } from './gate-input';

/** The levels at which the gate has weights of its own; between them they are interpolated. */
export const ANCHOR_LEVELS: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95];

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
  /** `[anchor]`: weight is loss to the power of minus this, times what the layers say. */
  readonly sharpness: Float32Array;
}

/** What the gate weighs for: a step, by how far ahead it lies (0..1 of the horizon), or the highest value over all steps. */
export interface GateTarget {
  readonly stepShare: number;
  readonly peak: boolean;
  /** Steps. */
  readonly horizon: number;
}

/** The horizon at which a gate's own input for the horizon is 0, in steps. */
const SHORTEST_HORIZON = 6;

/** The inputs of the network's first layer: the series, the losses, and the target. */
export function networkInput({ series, logLosses }: GateInput, { stepShare, peak, horizon }: GateTarget): Float64Array {
  const target = [stepShare, stepShare * stepShare, peak ? 1 : 0, Math.log(horizon / SHORTEST_HORIZON) / 2];
  const all = new Float64Array(series.length + logLosses.length + target.length);
  all.set(series);
  // A rule that cannot forecast has no loss; the average one tells the network least.
  logLosses.forEach((loss, r) => (all[series.length + r] = Number.isFinite(loss) ? loss / 2 : 1));
  all.set(target, series.length + logLosses.length);
  return all;
}

/**
 * Weights of the rules at each anchor level: softmax of what the network says less `sharpness` times the logarithm of the recent loss (the
 * prior; learning it from the losses alone would overfit to the few machines that a gate is trained on).
 *
 * @returns `[anchor][rule]`, each row summing to 1; all 0 where no rule can forecast
 */
export function gateWeightsAt(weights: GateWeights, input: GateInput, target: GateTarget): Float64Array[] {
  const x = networkInput(input, target);
  const { hidden } = weights;
  const layer = Float64Array.from(weights.firstBias);
  for (let i = 0; i < x.length; i++) for (let k = 0; k < hidden; k++) layer[k] = (layer[k] as number) + (x[i] as number) * (weights.first[i * hidden + k] as number);
  for (let k = 0; k < hidden; k++) layer[k] = Math.tanh(layer[k] as number);
  const rules = weights.rules.length;
  return ANCHOR_LEVELS.map((_, a) => {
    const logits = Float64Array.from(input.logLosses, (loss, r) => {
      if (!Number.isFinite(loss)) return -Infinity;
      const column = a * rules + r;
      let sum = weights.secondBias[column] as number;
      for (let k = 0; k < hidden; k++) sum += (layer[k] as number) * (weights.second[k * rules * ANCHOR_LEVELS.length + column] as number);
      return sum - (weights.sharpness[a] as number) * loss;
    });
    return softmax(logits);
  });
}

function softmax(logits: Float64Array): Float64Array {
  const highest = logits.reduce((max, logit) => Math.max(max, logit), -Infinity);
  if (highest === -Infinity) return logits.map(() => 0);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Place of a level among the anchors: the one below, and the share of the one above it. */
export function anchorPlace(level: number): { readonly below: number; readonly share: number } {
  const clamped = Math.min(0.95, Math.max(0.05, level));
  let below = 0;
  while (below < ANCHOR_LEVELS.length - 2 && clamped > (ANCHOR_LEVELS[below + 1] as number)) below++;
  const start = ANCHOR_LEVELS[below] as number;
  return { below, share: (clamped - start) / ((ANCHOR_LEVELS[below + 1] as number) - start) };
}
