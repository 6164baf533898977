import type { HmmParameters } from './hmm-parameters';

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** A function that writes the log density of a value under each state; of a gap (NaN) every state is as likely. */
export function createLogEmissions({ states, means, deviations }: HmmParameters): (value: number, into: Float64Array, at: number) => void {
  const constants = Float64Array.from(deviations, (deviation) => -Math.log(deviation) - HALF_LOG_TWO_PI);
  const scales = Float64Array.from(deviations, (deviation) => -0.5 / (deviation * deviation));
  return (value, into, at) => {
    // NaN is the one number that is not itself.
    const isGap = value !== value;
    for (let i = 0; i < states; i++) {
      const off = value - (means[i] as number);
      into[at + i] = isGap ? 0 : (constants[i] as number) + (scales[i] as number) * off * off;
    }
  };
}
