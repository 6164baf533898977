import { createRandomStream, type RandomStream } from '../../domain/seeded-random';

const ROUNDS_AT_MOST = 100;
const RESTARTS = 4;
/** Below this mean silhouette the points have no structure worth a division (Kaufman and Rousseeuw 1990, table 4: "no substantial structure" up to 0.25). */
const LEAST_SILHOUETTE = 0.25;

/** Points divided into groups: the group of each point, numbered from 0 without a gap. */
export interface Clustering {
  readonly groupOf: readonly number[];
  readonly groups: number;
  /** Simplified silhouette (Hruschka, de Castro and Campello 2004): -1..1, from distances to the centres; 0 for a single group. */
  readonly silhouette: number;
}

/** As many groups as the silhouette says, up to `mostGroups`; one where no division has structure. The same seed gives the same groups. */
export function clusterPoints(points: readonly Float64Array[], mostGroups: number, seed: number): Clustering {
  let best: Clustering = { groupOf: points.map(() => 0), groups: 1, silhouette: 0 };
  let highest = LEAST_SILHOUETTE;
  for (let groups = 2; groups <= Math.min(mostGroups, points.length - 1); groups++) {
    const found = divide(points, groups, seed);
    if (found.groups === groups && found.silhouette > highest) {
      best = found;
      highest = found.silhouette;
    }
  }
  return best;
}

/** k-means (Lloyd 1982) from k-means++ starts (Arthur and Vassilvitskii 2007), the best of four by the sum of squares. Fewer groups where points coincide. */
export function divide(points: readonly Float64Array[], groups: number, seed: number): Clustering {
  const random = createRandomStream(seed);
  let best: { centres: Float64Array[]; groupOf: number[]; squares: number } | null = null;
  for (let start = 0; start < RESTARTS; start++) {
    const found = settle(points, chooseCentres(points, groups, random));
    if (best === null || found.squares < best.squares) best = found;
  }
  const { centres = [], groupOf = [] } = best ?? {};
  return { groupOf, groups: centres.length, silhouette: silhouetteOf(points, centres, groupOf) };
}

function chooseCentres(points: readonly Float64Array[], groups: number, random: RandomStream): Float64Array[] {
  const centres = [points[Math.floor(random() * points.length)] as Float64Array];
  while (centres.length < groups) {
    const squares = points.map((point) => Math.min(...centres.map((centre) => squaredDistance(point, centre))));
    let left = random() * squares.reduce((sum, one) => sum + one, 0);
    const next = squares.findIndex((square) => square > 0 && (left -= square) <= 0);
    if (next < 0) break;
    centres.push(points[next] as Float64Array);
  }
  return centres;
}

function settle(points: readonly Float64Array[], starts: readonly Float64Array[]): { centres: Float64Array[]; groupOf: number[]; squares: number } {
  let centres = [...starts];
  let groupOf: number[] = [];
  for (let round = 0; round < ROUNDS_AT_MOST; round++) {
    const nearest = points.map((point) => nearestCentre(point, centres));
    const settled = nearest.every((group, i) => group === groupOf[i]);
    groupOf = nearest;
    if (settled) break;
    centres = centres.map((centre, group) => meanOf(points.filter((_, i) => groupOf[i] === group)) ?? centre);
  }
  // A centre may have lost all of its points: groups are numbered anew without it.
  const used = [...new Set(groupOf)].toSorted((a, b) => a - b);
  return {
    centres: used.map((group) => centres[group] as Float64Array),
    groupOf: groupOf.map((group) => used.indexOf(group)),
    squares: points.reduce((sum, point, i) => sum + squaredDistance(point, centres[groupOf[i] as number] as Float64Array), 0),
  };
}

function nearestCentre(point: Float64Array, centres: readonly Float64Array[]): number {
  let nearest = 0;
  let least = Infinity;
  centres.forEach((centre, i) => {
    const square = squaredDistance(point, centre);
    if (square < least) {
      least = square;
      nearest = i;
    }
  });
  return nearest;
}

function meanOf(points: readonly Float64Array[]): Float64Array | null {
  const [first] = points;
  if (first === undefined) return null;
  return first.map((_, d) => points.reduce((sum, point) => sum + (point[d] as number), 0) / points.length);
}

function silhouetteOf(points: readonly Float64Array[], centres: readonly Float64Array[], groupOf: readonly number[]): number {
  if (centres.length < 2) return 0;
  const widths = points.map((point, i) => {
    const own = Math.sqrt(squaredDistance(point, centres[groupOf[i] as number] as Float64Array));
    const other = Math.sqrt(Math.min(...centres.filter((_, group) => group !== groupOf[i]).map((centre) => squaredDistance(point, centre))));
    return other === 0 ? 0 : (other - own) / Math.max(own, other);
  });
  return widths.reduce((sum, one) => sum + one, 0) / widths.length;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += ((a[d] as number) - (b[d] as number)) ** 2;
  return sum;
}
