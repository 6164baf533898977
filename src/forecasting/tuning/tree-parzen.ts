import { createRandomStream, nextNormal, type RandomStream } from '../../domain/seeded-random';

/** One number to choose. Logarithmic dimensions are searched by factors. */
export interface Dimension {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly logarithmic: boolean;
}

export type Point = Readonly<Record<string, number>>;

export interface Trial {
  readonly point: Point;
  readonly loss: number;
}

export interface SearchOptions {
  /** How often the objective is asked. */
  readonly trials: number;
  readonly seed: number;
  /** Asked first: what is known to be good. */
  readonly start?: Point;
}

/** Points drawn at random before the model has something to learn from. */
const RANDOM_TRIALS = 8;
/** The better part of the trials, whose neighbourhood is searched. */
const GOOD_SHARE = 0.15;
const CANDIDATES = 24;
/** Kernels narrower than this share of the range would only repeat what was tried. */
const NARROWEST = 0.05;

/**
 * Minimises a costly function by a tree-structured Parzen estimator (Bergstra et al. 2011): densities of the good and of the other trials, and the next point
 * where the good ones are densest against the others. The same seed asks for the same points.
 *
 * @returns all trials in their order; a loss that is no number counts as the worst
 */
export async function searchByParzen(dimensions: readonly Dimension[], objective: (point: Point) => Promise<number>, { trials, seed, start }: SearchOptions): Promise<Trial[]> {
  const random = createRandomStream(seed);
  const done: { readonly place: readonly number[]; readonly loss: number }[] = [];
  const all: Trial[] = [];
  for (let t = 0; t < trials; t++) {
    const place = t === 0 && start !== undefined ? placeOf(dimensions, start) : t < RANDOM_TRIALS ? dimensions.map(() => random()) : propose(done, dimensions.length, random);
    const point = pointAt(dimensions, place);
    const loss = await objective(point);
    done.push({ place, loss: Number.isNaN(loss) ? Infinity : loss });
    all.push({ point, loss });
  }
  return all;
}

/** The trial with the lowest loss. @throws RangeError where no trial has one */
export function bestTrial(trials: readonly Trial[]): Trial {
  const best = trials.reduce<Trial | null>((lowest, trial) => (Number.isFinite(trial.loss) && (lowest === null || trial.loss < lowest.loss) ? trial : lowest), null);
  if (best === null) throw new RangeError('trials: none of them has a loss');
  return best;
}

function propose(done: readonly { readonly place: readonly number[]; readonly loss: number }[], size: number, random: RandomStream): readonly number[] {
  const ranked = done.toSorted((a, b) => a.loss - b.loss).map(({ place }) => place);
  const cut = Math.max(2, Math.ceil(GOOD_SHARE * ranked.length));
  const good = kernelsAt(ranked.slice(0, cut), size);
  const others = kernelsAt(ranked.slice(cut), size);
  let best: { readonly place: readonly number[]; readonly gain: number } = { place: [], gain: -Infinity };
  for (let c = 0; c < CANDIDATES; c++) {
    const place = drawFrom(good, size, random);
    const gain = Math.log(density(good, place)) - Math.log(density(others, place));
    if (gain > best.gain) best = { place, gain };
  }
  return best.place;
}

/** A normal kernel at each of some places; all dimensions together, since settings act together. */
interface Kernels {
  readonly centres: readonly (readonly number[])[];
  /** `[dimension]` */
  readonly widths: readonly number[];
}

/** Widths by Scott's rule (1992), within bounds. */
function kernelsAt(centres: readonly (readonly number[])[], size: number): Kernels {
  const count = Math.max(1, centres.length);
  const widths = Array.from({ length: size }, (_, d) => {
    const mean = centres.reduce((sum, centre) => sum + (centre[d] as number), 0) / count;
    const variance = centres.reduce((sum, centre) => sum + ((centre[d] as number) - mean) ** 2, 0) / count;
    return Math.max(NARROWEST, Math.sqrt(variance) * count ** (-1 / (size + 4)));
  });
  return { centres, widths };
}

/** The whole range counts as one more kernel: no place is out of reach. */
function density({ centres, widths }: Kernels, place: readonly number[]): number {
  let sum = 1;
  for (const centre of centres) {
    sum += widths.reduce((product, width, d) => (product * Math.exp(-0.5 * (((place[d] as number) - (centre[d] as number)) / width) ** 2)) / (width * Math.sqrt(2 * Math.PI)), 1);
  }
  return sum / (1 + centres.length);
}

function drawFrom({ centres, widths }: Kernels, size: number, random: RandomStream): number[] {
  const centre = centres[Math.floor(random() * (centres.length + 1))];
  if (centre === undefined) return Array.from({ length: size }, () => random());
  // Reflected at the ends, so that optima at a bound are found.
  return widths.map((width, d) => {
    const value = Math.abs((centre[d] as number) + width * nextNormal(random)) % 2;
    return value > 1 ? 2 - value : value;
  });
}

function pointAt(dimensions: readonly Dimension[], place: readonly number[]): Point {
  return Object.fromEntries(
    dimensions.map(({ name, low, high, logarithmic }, d) => {
      const share = place[d] as number;
      return [name, logarithmic ? low * (high / low) ** share : low + (high - low) * share];
    }),
  );
}

function placeOf(dimensions: readonly Dimension[], point: Point): number[] {
  return dimensions.map(({ name, low, high, logarithmic }) => {
    const value = point[name];
    if (value === undefined) throw new RangeError(`start.${name}: is missing`);
    const share = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return Math.min(1, Math.max(0, share));
  });
}
