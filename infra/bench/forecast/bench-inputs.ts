import { createRandomStream, nextNormal } from '../../../src/domain/seeded-random';
import { STANDARD_LEVELS, type ForecastModel } from '../../../src/forecasting/forecast-model';
import { modelNamed } from '../../../src/forecasting/forecast-request';
import type { KnownInputs, ScheduledEvent } from '../../../src/forecasting/inputs/known-input';
import { pinballLoss } from '../../../src/forecasting/path-distribution';

/**
 * Ablation on generated data: the loss of a day's forecast with an input over that without it, where the load depends on the input and where it does not.
 */
const STEP_MS = 300_000;
const DAY = 288;
const DAYS = 14;
const LENGTH = DAYS * DAY;
const LOADS = 16;
const MOST_WHERE_IT_TELLS = 0.8;
const MOST_WHERE_NOT = 1.02;

/** An input: what is known of it, and what it adds to the load at each step where the load depends on it. */
interface Input {
  readonly name: string;
  make(random: () => number): { readonly known: KnownInputs; readonly effect: readonly number[] };
}

/** Windows at random times of the days that `happens` draws. */
function windows(kind: ScheduledEvent['kind'], steps: number, effect: number, happens: (random: () => number) => boolean) {
  return (random: () => number) => {
    const added = new Array<number>(LENGTH + DAY).fill(0);
    const events: ScheduledEvent[] = [];
    for (let day = 0; day <= DAYS; day++) {
      // The last day is the one forecast: it always has a window, or there would be nothing to tell.
      if (day < DAYS && !happens(random)) continue;
      const start = day * DAY + Math.floor(random() * (DAY - steps));
      events.push({ name: kind, kind, startAtMs: start * STEP_MS, endAtMs: (start + steps) * STEP_MS });
      added.fill(effect, start, start + steps);
    }
    return { known: { events }, effect: added };
  };
}

/** A series known a day ahead: a wandering level around a daily rhythm of another phase. */
function series(name: string, memory: number, effectPerDeviation: number) {
  return (random: () => number) => {
    let level = 0;
    const values = Array.from({ length: LENGTH + DAY }, () => (level = memory * level + Math.sqrt(1 - memory ** 2) * nextNormal(random)));
    return { known: { regressors: [{ name, startAtMs: 0, values: values.map((value) => 1000 + 100 * value) }] }, effect: values.map((value) => effectPerDeviation * value) };
  };
}

const INPUTS: readonly Input[] = [
  { name: 'scheduled job, daily at random times', make: windows('scheduledJob', 12, 25, () => true) },
  { name: 'maintenance, every other day', make: windows('maintenance', 24, -20, (random) => random() < 0.5) },
  { name: 'campaign, every third day', make: windows('campaign', 72, 15, (random) => random() < 0.34) },
  { name: 'booked users (slow)', make: series('users', 0.995, 8) },
  { name: 'planned requests', make: series('requests', 0.97, 8) },
  { name: 'external forecast (fast)', make: series('forecast', 0.8, 8) },
];
const MODELS = ['gate', 'additive'] as const;

function loadOf(number: number, effect: readonly number[] | null): number[] {
  const random = createRandomStream(1000 + number);
  let noise = 0;
  return Array.from({ length: LENGTH + DAY }, (_, t) => {
    noise = 0.7 * noise + nextNormal(random);
    return 45 + 10 * Math.sin((2 * Math.PI * t) / DAY) + noise + (effect?.[t] ?? 0);
  });
}

/** Mean loss of the last day's forecast with the inputs over that without. */
async function ratio(model: ForecastModel, input: Input, tells: boolean): Promise<number> {
  const made = Array.from({ length: LOADS }, (_, i) => {
    const { known, effect } = input.make(createRandomStream(i + 1));
    return { known, values: loadOf(i, tells ? effect : null), id: String(i) };
  });
  const lossWith = async (inputs: (known: KnownInputs) => KnownInputs): Promise<number> => {
    const fitted = await model.fit(made.map(({ id, values, known }) => ({ id, startAtMs: 0, stepMs: STEP_MS, values: values.slice(0, LENGTH), ...inputs(known) })), { seed: 1 });
    return fitted.predict(DAY, STANDARD_LEVELS).reduce((sum, { quantiles }, i) => sum + pinballLoss(Float64Array.from(quantiles.flat()), STANDARD_LEVELS, made[i]?.values.slice(LENGTH) ?? []), 0);
  };
  return (await lossWith((known) => known)) / (await lossWith(() => ({})));
}

async function main(): Promise<void> {
  let met = true;
  process.stdout.write(`Loss of a day's forecast with an input over that without it; ${LOADS} generated loads of ${DAYS} days\n`);
  for (const input of INPUTS) {
    for (const name of MODELS) {
      const telling = await ratio(modelNamed(name), input, true);
      const silent = await ratio(modelNamed(name), input, false);
      const held = telling <= MOST_WHERE_IT_TELLS && silent <= MOST_WHERE_NOT;
      met &&= held;
      process.stdout.write(`  ${input.name.padEnd(40)} ${name.padEnd(9)} where it tells ${telling.toFixed(3)} (target <= ${MOST_WHERE_IT_TELLS})  where not ${silent.toFixed(3)} (target <= ${MOST_WHERE_NOT})  ${held ? 'met' : 'MISSED'}\n`);
    }
  }
  process.exitCode = met ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
