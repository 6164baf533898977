/** For so many rows (a day of 5-minute data) after a surprise ... */
const QUIET_ROWS = 300;
/** ... another one counts only where it is so many times as large. */
const WORSE_RATIO = 4;

/**
 * One event, one alarm: what follows upon a surprise is most often the same event, which goes on, ebbs away or swings back. It counts again only where it gets
 * far worse. Small surprises quieten as well, at their own size: what creeps up has been seen to creep.
 */
export function createFirstAlarm(): { observe(surprise: number): number } {
  let last = 0;
  let quietRows = 0;
  return {
    observe(surprise) {
      const counts = surprise > (quietRows > 0 ? WORSE_RATIO * last : 0);
      quietRows -= 1;
      if (!counts) return 0;
      last = surprise;
      quietRows = QUIET_ROWS - 1;
      return surprise;
    },
  };
}
