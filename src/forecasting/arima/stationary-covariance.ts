import { advance, type StateSpace } from './arima-process';

/** Doublings: enough for a root of 1 - 1e-9. */
const MOST_DOUBLINGS = 34;

/**
 * Covariance of the differenced part in the long run, in units of the innovations' variance; zero for the last loads, which are given. Sums
 * `A^k Q A'^k` by doubling (Anderson and Moore 1979).
 *
 * @returns row-major, `[size][size]`
 */
export function stationaryCovariance(space: StateSpace): Float64Array {
  const { core, size, impact } = space;
  // The differenced part by itself: a state space without last loads.
  const inner: StateSpace = { ...space, size: core, lagWeights: new Float64Array(0) };
  let transition = new Float64Array(core * core);
  for (let j = 0; j < core; j++) {
    const column = new Float64Array(core);
    column[j] = 1;
    advance(inner, column);
    for (let i = 0; i < core; i++) transition[i * core + j] = column[i] as number;
  }
  let sum = Float64Array.from({ length: core * core }, (_, at) => (impact[Math.floor(at / core)] as number) * (impact[at % core] as number));
  for (let doubling = 0; doubling < MOST_DOUBLINGS; doubling++) {
    const added = product(product(transition, sum, core, false), transition, core, true);
    sum = sum.map((value, at) => value + (added[at] as number));
    if (added.every((value, at) => Math.abs(value) <= 1e-12 * Math.abs(sum[at] as number))) break;
    transition = product(transition, transition, core, false);
  }
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < core; i++) covariance.set(sum.subarray(i * core, (i + 1) * core), i * size);
  return covariance;
}

function product(left: Float64Array, right: Float64Array, size: number, transposeRight: boolean): Float64Array<ArrayBuffer> {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (left[i * size + k] as number) * (right[transposeRight ? j * size + k : k * size + j] as number);
      result[i * size + j] = sum;
    }
  }
  return result;
}
