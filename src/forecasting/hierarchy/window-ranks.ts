import type { RandomStream } from '../../domain/seeded-random';
import { sortNumbers } from '../sort-numbers';

/** Ranks the numbers of a row among each other, 0 for the lowest; what is equal is put in an order of chance, so that idle children do not move together. */
export function createRanker(count: number, random: RandomStream): (row: Float64Array, into: Int32Array) => void {
  const sorted = new Float64Array(count);
  const taken = new Int32Array(count);
  const order = Int32Array.from({ length: count }, (_, k) => k);
  return (row, into) => {
    sorted.set(row);
    sortNumbers(sorted);
    taken.fill(0);
    if (hasTies(sorted)) shuffle(order, random);
    for (let i = 0; i < count; i++) {
      const k = order[i] as number;
      const place = lowerBound(sorted, row[k] as number);
      into[k] = place + (taken[place] as number);
      taken[place] = (taken[place] as number) + 1;
    }
  };
}

function hasTies(sorted: Float64Array): boolean {
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) return true;
  return false;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function shuffle(order: Int32Array, random: RandomStream): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}
