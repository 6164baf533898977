/** Bits of a braille sign (U+2800 and up), by row and column of its eight dots. */
const BITS: readonly (readonly [number, number])[] = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** A picture of dots in text: each character holds two dots across and four down. */
export class DotGrid {
  readonly dotsAcross: number;
  readonly dotsDown: number;
  private readonly cells: Uint8Array;

  constructor(
    private readonly columns: number,
    rows: number,
  ) {
    this.dotsAcross = columns * 2;
    this.dotsDown = rows * 4;
    this.cells = new Uint8Array(columns * rows);
  }

  /** Dots from one place to another, in dots from the upper left; what lies outside is left out. */
  line(fromX: number, fromY: number, toX: number, toY: number): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY))));
    for (let i = 0; i <= steps; i++) this.dot(Math.round(fromX + ((toX - fromX) * i) / steps), Math.round(fromY + ((toY - fromY) * i) / steps));
  }

  /** Every character with a dot in it. */
  forEachCell(visit: (row: number, column: number, sign: string) => void): void {
    this.cells.forEach((bits, i) => {
      if (bits !== 0) visit(Math.floor(i / this.columns), i % this.columns, String.fromCharCode(0x2800 + bits));
    });
  }

  private dot(x: number, y: number): void {
    if (x < 0 || y < 0 || x >= this.dotsAcross || y >= this.dotsDown) return;
    const cell = (y >> 2) * this.columns + (x >> 1);
    this.cells[cell] = (this.cells[cell] as number) | ((BITS[y & 3] as readonly [number, number])[x & 1] as number);
  }
}
