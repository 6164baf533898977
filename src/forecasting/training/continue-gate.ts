import { dayLengthOf } from '../day-length';
import type { GateWeights } from '../gate/gate-network';
import type { LoadSeries } from '../load-series';
import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
import type { TensorLibrary } from '../tensor-backend';
import { gateExample, type GateExample } from './gate-example';
import { trainGate } from './train-gate';

/** Moments of each series that are learned from, and steps of each forecast. */
const ORIGINS = 24;
const STEPS = 6;
/** Fewer than this teach a network of thousands of weights nothing but themselves. */
const FEWEST_EXAMPLES = 128;
/** A tenth of what the gate was trained with, so that it stays what it is where the fleet says nothing else. */
const CONTINUED = { batch: 32, learningRate: 8e-4, dropout: 0.5, sharpness: 0, penalty: 3e-5 };

export interface ContinuedTraining {
  /** Steps ahead; the gate of short horizons is what is trained. */
  readonly horizonSteps: number;
  readonly epochs: number;
  readonly seed: number;
}

/**
 * Trains the gate of short horizons further on the histories of a fleet: the same loss, few epochs. Whether that is any better must be judged on
 * what came later.
 *
 * @returns the gate's new weights; null for a horizon beyond two hours, and where the histories hold too few moments to learn from
 */
export function continueGate(tf: TensorLibrary, from: GateWeights, series: readonly LoadSeries[], { horizonSteps, epochs, seed }: ContinuedTraining): GateWeights | null {
  if (horizonSteps > LONGEST_SHORT_HORIZON || horizonSteps < STEPS) return null;
  const examples = series.flatMap((one) => examplesOf(one, horizonSteps));
  if (examples.length < FEWEST_EXAMPLES) return null;
  return trainGate(tf, examples, from.rules, { ...CONTINUED, hidden: from.hidden, epochs, seed, from }, () => undefined);
}

/** Evenly spread over the series from its third day on. */
function examplesOf(series: LoadSeries, horizon: number): GateExample[] {
  const { id, stepMs, startAtMs, values } = series;
  const known = { id, family: 'fleet', entity: id, stepSeconds: stepMs / 1000, startAtSeconds: startAtMs / 1000, values };
  const first = 2 * dayLengthOf(series);
  const span = values.length - horizon - first;
  if (span < ORIGINS) return [];
  return Array.from({ length: ORIGINS }, (_, i) => first + Math.floor(((i + 1) * span) / ORIGINS)).flatMap((origin) => gateExample(known, origin, horizon, STEPS, 0) ?? []);
}
