const INITIAL_CAPACITY = 16;
const COLUMNS = 5;

/**
 * Points of one metric in typed arrays, sorted by time when read.
 *
 * A point is a statistic set (sum, count, minimum, maximum); a plain value has minimum = maximum, which is what keeps
 * percentiles exact: like AWS, percentiles are only answered from points whose minimum equals their maximum.
 */
export class MetricSeries {
  private data = new Float64Array(INITIAL_CAPACITY * COLUMNS);
  private size = 0;
  private sorted = true;

  get length(): number {
    return this.size;
  }

  get lastAtMs(): number {
    this.sort();
    return this.size === 0 ? Number.NEGATIVE_INFINITY : this.at((this.size - 1) * COLUMNS);
  }

  add(atMs: number, sum: number, count: number, minimum: number, maximum: number): void {
    if ((this.size + 1) * COLUMNS > this.data.length) {
      const grown = new Float64Array(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    // Out-of-order writes are the exception, so they cost a sort at the next read instead of an insert now.
    if (this.size > 0 && atMs < this.at((this.size - 1) * COLUMNS)) this.sorted = false;
    this.data.set([atMs, sum, count, minimum, maximum], this.size * COLUMNS);
    this.size += 1;
  }

  /** Visits the points with fromMs <= time < toMs in time order. */
  visit(fromMs: number, toMs: number, visitor: (atMs: number, sum: number, count: number, min: number, max: number) => void): void {
    this.sort();
    for (let offset = this.lowerBound(fromMs) * COLUMNS; offset < this.size * COLUMNS; offset += COLUMNS) {
      const atMs = this.at(offset);
      if (atMs >= toMs) return;
      visitor(atMs, this.at(offset + 1), this.at(offset + 2), this.at(offset + 3), this.at(offset + 4));
    }
  }

  dropBefore(atMs: number): void {
    this.sort();
    const first = this.lowerBound(atMs);
    if (first === 0) return;
    this.data.copyWithin(0, first * COLUMNS, this.size * COLUMNS);
    this.size -= first;
  }

  private at(index: number): number {
    return this.data[index] ?? Number.NaN;
  }

  private lowerBound(atMs: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle * COLUMNS) < atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private sort(): void {
    if (this.sorted) return;
    const order = Array.from({ length: this.size }, (_, index) => index);
    order.sort((a, b) => this.at(a * COLUMNS) - this.at(b * COLUMNS));
    const ordered = new Float64Array(this.data.length);
    order.forEach((from, to) => ordered.set(this.data.subarray(from * COLUMNS, (from + 1) * COLUMNS), to * COLUMNS));
    this.data = ordered;
    this.sorted = true;
  }
}
