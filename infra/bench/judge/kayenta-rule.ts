/** 98 % two-sided, of the standard normal. */
const Z = 2.3263478740408408;
const TOLERANCE = 0.25;
const FEWEST_POINTS = 50;

/**
 * Kayenta's default judge for one metric that must not rise, asked after every point: with 50 points or more, High where the
 * lower end of the Mann-Whitney interval for the shift (confidence 0.98, normal approximation) lies above 0.25 of its
 * estimate (Hodges and Lehmann 1963; Kayenta's MannWhitneyClassifier). Differences of all pairs are kept sorted.
 */
export class KayentaRule {
  private readonly control: number[] = [];
  private readonly experiment: number[] = [];
  private differences: Float64Array = new Float64Array(0);

  add(control: number, experiment: number): void {
    this.control.push(control);
    const fresh = [...this.experiment.map((value) => value - control), ...this.control.map((value) => experiment - value)];
    this.experiment.push(experiment);
    this.differences = merge(this.differences, Float64Array.from(fresh).sort());
  }

  isHigh(): boolean {
    const n = this.control.length;
    if (n < FEWEST_POINTS) return false;
    const estimate = this.at((n * n) / 2);
    const deviation = Math.sqrt((n * n * (2 * n + 1 - this.ties() / (2 * n * (2 * n - 1)))) / 12);
    const lower = this.at((n * n) / 2 - Z * deviation - 0.5);
    return lower > TOLERANCE * Math.abs(estimate);
  }

  private at(rank: number): number {
    return this.differences[Math.min(this.differences.length - 1, Math.max(0, Math.round(rank)))] ?? 0;
  }

  /** Sum of t^3 - t over groups of equal values. */
  private ties(): number {
    const sizes = new Map<number, number>();
    for (const value of [...this.control, ...this.experiment]) sizes.set(value, (sizes.get(value) ?? 0) + 1);
    return [...sizes.values()].reduce((total, size) => total + size ** 3 - size, 0);
  }
}

function merge(sorted: Float64Array, fresh: Float64Array): Float64Array {
  const all = new Float64Array(sorted.length + fresh.length);
  let a = 0;
  let b = 0;
  for (let i = 0; i < all.length; i += 1) {
    const takeSorted = b >= fresh.length || (a < sorted.length && (sorted[a] ?? 0) <= (fresh[b] ?? 0));
    all[i] = (takeSorted ? sorted[a++] : fresh[b++]) ?? 0;
  }
  return all;
}
