import { columnCount, designRows, type Design } from './design-matrix';

/** Rows of a design's own history, which every series of a batch asks for again. They go when the design goes. */
const rowsOfDesign = new WeakMap<Design, Float64Array>();

export function historyRows(design: Design, length: number): Float64Array {
  const kept = rowsOfDesign.get(design);
  if (kept !== undefined && kept.length === length * columnCount(design)) return kept;
  const rows = designRows(design, 0, length);
  rowsOfDesign.set(design, rows);
  return rows;
}

/** `X'X` in double precision: single would not survive the hinges' collinearity. */
export function gramOf(rows: Float64Array, length: number, columns: number): Float64Array {
  const gram = new Float64Array(columns * columns);
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < columns; j++) {
      const left = rows[i * columns + j] as number;
      for (let k = 0; k <= j; k++) gram[j * columns + k] = (gram[j * columns + k] as number) + left * (rows[i * columns + k] as number);
    }
  }
  return gram;
}
