import { createRandomStream } from '../../../src/domain/seeded-random';
import { SAMPLES_PER_DAY, type Trace } from '../../../src/simulation/planetlab/read-trace';

const STRIDE = SAMPLES_PER_DAY + 1;

/** The same loads, shuffled: a VM's place in the order decides its size and where it starts, so this is another day of the same kind. */
export function inAnotherOrder({ vmCount, useRatio }: Trace, seed: number): Trace {
  const random = createRandomStream(seed);
  const order = Array.from({ length: vmCount }, (_, vm) => vm);
  for (let i = vmCount - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  const shuffled = new Float64Array(useRatio.length);
  order.forEach((from, to) => shuffled.set(useRatio.subarray(from * STRIDE, (from + 1) * STRIDE), to * STRIDE));
  return { vmCount, useRatio: shuffled };
}
