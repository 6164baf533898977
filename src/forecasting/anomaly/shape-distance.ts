/** A shape is twelve smoothed values, eight rows apart (eight hours of 5-minute data). */
const SHAPE_POINTS = 12;
const POINT_ROWS = 8;
/** Shapes of the last week of 5-minute data are remembered. */
const REMEMBERED_SHAPES = 252;

/**
 * How far the latest course of values lies from the nearest one of the last week, as mean absolute distance in the values' unit; 0 while there is none to compare
 * with. Courses of rows that the latest one shares are left out. Expects smoothed values; constant memory, a few thousand operations a value.
 *
 * Source of the idea: nearest neighbours of delay embeddings (KNN-CAD, Burnaev and Ishimtsev 2016).
 */
export function createShapeDistance(): { observe(value: number): number } {
  const recentRows = (SHAPE_POINTS - 1) * POINT_ROWS + 1;
  const recent: number[] = [];
  /** Each eighth value: shapes of the past are runs of it. */
  const past: number[] = [];
  let row = 0;
  return {
    observe(value) {
      recent.push(value);
      if (recent.length > recentRows) recent.shift();
      if (row % POINT_ROWS === 0) past.push(value);
      if (past.length > REMEMBERED_SHAPES + 2 * SHAPE_POINTS) past.shift();
      row += 1;
      return recent.length < recentRows ? 0 : nearestDistance(recent, past);
    },
  };
}

function nearestDistance(recent: readonly number[], past: readonly number[]): number {
  let nearest: number | null = null;
  for (let last = past.length - 1 - SHAPE_POINTS; last >= SHAPE_POINTS - 1; last--) {
    let distance = 0;
    for (let back = 0; back < SHAPE_POINTS && (nearest === null || distance < nearest); back++) {
      const gap = (recent[recent.length - 1 - back * POINT_ROWS] as number) - (past[last - back] as number);
      distance += gap < 0 ? -gap : gap;
    }
    if (nearest === null || distance < nearest) nearest = distance;
  }
  return nearest === null ? 0 : nearest / SHAPE_POINTS;
}
