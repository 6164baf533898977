import { STANDARD_LEVELS } from '../forecast-model';
import { ANCHOR_LEVELS, anchorPlace } from '../gate/anchor-levels';

/** `[anchor][standard level]`: how much of each anchor's weights a level takes. */
export function levelsOfAnchors(): number[][] {
  return ANCHOR_LEVELS.map((_, a) =>
    STANDARD_LEVELS.map((level) => {
      const { below, share } = anchorPlace(level);
      return a === below ? 1 - share : a === below + 1 ? share : 0;
    }),
  );
}
