/** Place of the level nearest to 0.5. */
export function medianLevel(levels: readonly number[]): number {
  return levels.reduce((best, level, l) => (Math.abs(level - 0.5) < Math.abs((levels[best] as number) - 0.5) ? l : best), 0);
}
