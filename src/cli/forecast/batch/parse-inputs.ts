import { checkInputs } from '../../../forecasting/inputs/check-inputs';
import type { KnownInputs, Regressor, ScheduledEvent } from '../../../forecasting/inputs/known-input';
import type { LoadSeries } from '../../../forecasting/load-series';
import { pointsOf, refusal, regularize } from './task-points';

/**
 * What a task says beside its load: `events` (`name`, `kind`, `start`, `end` in Unix s) and `regressors` (`name`, `timestamps` on the grid of the load and as far
 * into the horizon as they are known, `values`).
 *
 * @throws InvalidSeriesError naming the field
 */
export function parseInputs({ events = [], regressors = [] }: Readonly<Record<string, unknown>>, series: LoadSeries): KnownInputs {
  if (!Array.isArray(events)) throw refusal('events', 'a list', events);
  if (!Array.isArray(regressors)) throw refusal('regressors', 'a list', regressors);
  const inputs: KnownInputs = {
    ...(events.length === 0 ? {} : { events: events.map((one, i) => eventOf(partOf(one, `events[${i}]`), `events[${i}]`)) }),
    ...(regressors.length === 0 ? {} : { regressors: regressors.map((one, i) => regressorOf(partOf(one, `regressors[${i}]`), series, `regressors[${i}]`)) }),
  };
  checkInputs(inputs, series, '');
  return inputs;
}

type Part = Readonly<Record<string, unknown>>;

function partOf(value: unknown, field: string): Part {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusal(field, 'an object', value);
  return value as Part;
}

function eventOf({ name, kind, start, end }: Part, field: string): ScheduledEvent {
  if (typeof start !== 'number') throw refusal(`${field}.start`, 'a Unix time in seconds', start);
  if (typeof end !== 'number' || end <= start) throw refusal(`${field}.end`, 'a Unix time in seconds after the start', end);
  return { name: name as string, kind: kind as ScheduledEvent['kind'], startAtMs: start * 1000, endAtMs: end * 1000 };
}

function regressorOf(part: Part, { startAtMs: gridAtMs, stepMs }: LoadSeries, field: string): Regressor {
  const { startAtMs, values } = regularize(pointsOf(part, `${field}.`), { id: field, stepMs }, `${field}.`);
  if (!Number.isInteger((startAtMs - gridAtMs) / stepMs)) throw refusal(`${field}.timestamps`, 'times on the grid of the load', startAtMs / 1000);
  return { name: part['name'] as string, startAtMs, values };
}
