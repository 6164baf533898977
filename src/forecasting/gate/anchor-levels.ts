/** The levels at which the gate has weights of its own; between them they are interpolated. */
export const ANCHOR_LEVELS: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Place of a level among the anchors: the one below, and the share of the one above it. */
export function anchorPlace(level: number): { readonly below: number; readonly share: number } {
  const clamped = Math.min(0.95, Math.max(0.05, level));
  let below = 0;
  while (below < ANCHOR_LEVELS.length - 2 && clamped > (ANCHOR_LEVELS[below + 1] as number)) below++;
  const start = ANCHOR_LEVELS[below] as number;
  return { below, share: (clamped - start) / ((ANCHOR_LEVELS[below + 1] as number) - start) };
}
