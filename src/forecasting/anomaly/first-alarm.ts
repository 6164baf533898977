/**
 * One event, one alarm: a surprise counts where it is above the last one that counted, which fades to nothing over `rows` rows. A score that stays high is one
 * alarm and not a hundred; an event that gets worse counts again.
 */
export function createFirstAlarm(rows: number): { observe(surprise: number): number } {
  let held = 0;
  let fade = 0;
  return {
    observe(surprise) {
      held = Math.max(0, held - fade);
      if (surprise <= held) return 0;
      held = surprise;
      fade = surprise / rows;
      return surprise;
    },
  };
}
