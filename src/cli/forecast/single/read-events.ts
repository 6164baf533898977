import { readFile } from 'node:fs/promises';
import { parseCalendar } from '../../../forecasting/events/parse-calendar';
import { parseEvents } from '../../../forecasting/events/parse-events';
import type { TimeRange } from '../../../forecasting/events/time-range';
import type { ScheduledEvent } from '../../../forecasting/inputs/known-input';
import { InvalidSeriesError } from '../../../forecasting/invalid-series-error';

/**
 * Scheduled events of a file: a calendar (`.ics`), or a JSON list.
 *
 * @throws Error naming the file and the field
 */
export async function readEvents(file: string, range: TimeRange): Promise<ScheduledEvent[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`${file}: cannot be read: ${(error as Error).message}`);
  });
  try {
    return /\.ics$/i.test(file) ? parseCalendar(text, range) : parseEvents(text, range);
  } catch (error) {
    if (error instanceof InvalidSeriesError) throw new Error(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
