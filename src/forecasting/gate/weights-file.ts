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
  return { rules, inputs, hidden, first: encode(first), firstBias: encode(firstBias), second: encode(second), secondBias: encode(secondBias), sharpness: encode(sharpness), partSharpness: encode(partSharpness) };
}

export function fromWeightsFile({ rules, inputs, hidden, ...text }: WeightsFile): GateWeights {
  const { first, firstBias, second, secondBias, sharpness, partSharpness } = text;
  return { rules, inputs, hidden, first: decode(first), firstBias: decode(firstBias), second: decode(second), secondBias: decode(secondBias), sharpness: decode(sharpness), partSharpness: decode(partSharpness) };
}

function encode(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function decode(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
