import { fromBase64, toBase64 } from '../base64-floats';
import type { GateWeights } from './gate-network';

/** Weights as JSON: numbers as single precision in base64, so that the file is small and the same on every machine. */
export interface WeightsFile {
  readonly rules: readonly string[];
  readonly inputs: number;
  readonly hidden: number;
  readonly first: string;
  readonly firstBias: string;
  readonly second: string;
  readonly secondBias: string;
  readonly sharpness: string;
  readonly partSharpness: string;
}

export function toWeightsFile({ rules, inputs, hidden, ...numbers }: GateWeights): WeightsFile {
  const { first, firstBias, second, secondBias, sharpness, partSharpness } = numbers;
  return {
    rules,
    inputs,
    hidden,
    first: toBase64(first),
    firstBias: toBase64(firstBias),
    second: toBase64(second),
    secondBias: toBase64(secondBias),
    sharpness: toBase64(sharpness),
    partSharpness: toBase64(partSharpness),
  };
}

export function fromWeightsFile({ rules, inputs, hidden, ...text }: WeightsFile): GateWeights {
  const { first, firstBias, second, secondBias, sharpness, partSharpness } = text;
  return {
    rules,
    inputs,
    hidden,
    first: fromBase64(first),
    firstBias: fromBase64(firstBias),
    second: fromBase64(second),
    secondBias: fromBase64(secondBias),
    sharpness: fromBase64(sharpness),
    partSharpness: fromBase64(partSharpness),
  };
}
