import { fromBase64, toBase64 } from '../base64-floats';
import type { PeakWeights } from './peak-network';

/** Weights as JSON: numbers as single precision in base64. */
export interface PeakWeightsFile {
  readonly rules: readonly string[];
  readonly hidden: number;
  readonly numbers: Readonly<Record<keyof PeakNumbers, string>>;
}

type PeakNumbers = Omit<PeakWeights, 'rules' | 'hidden'>;

export function toPeakWeightsFile({ rules, hidden, ...numbers }: PeakWeights): PeakWeightsFile {
  return { rules, hidden, numbers: mapNumbers(numbers, toBase64) };
}

export function fromPeakWeightsFile({ rules, hidden, numbers }: PeakWeightsFile): PeakWeights {
  return { rules, hidden, ...mapNumbers(numbers, fromBase64) };
}

function mapNumbers<From, To>(numbers: Readonly<Record<keyof PeakNumbers, From>>, map: (part: From) => To): Record<keyof PeakNumbers, To> {
  const { centre, spread, first, firstBias, second, secondBias, sharpness, shift } = numbers;
  return {
    centre: map(centre),
    spread: map(spread),
    first: map(first),
    firstBias: map(firstBias),
    second: map(second),
    secondBias: map(secondBias),
    sharpness: map(sharpness),
    shift: map(shift),
  };
}
