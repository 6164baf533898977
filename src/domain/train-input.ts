import { checkFields } from './field-checks';

const MINUTE = 60_000;

const whole = (low: number, high: number) => (value: unknown) => (Number.isInteger(value) && (value as number) >= low && (value as number) <= high ? null : `a whole number from ${low} to ${high}`);
const name = (value: unknown): boolean => typeof value === 'string' && value !== '' && value.length <= 256;
const names = (what: string) => (value: unknown) => (Array.isArray(value) && value.length <= 100 && value.every(name) ? null : `a list of at most 100 ${what}`);

/** All that is wrong with the input of a training, one sentence a field. */
export function checkTrainInput(input: unknown): string[] {
  return checkFields(
    input,
    {
      fleet: (value) => (name(value) ? null : 'the value of the tag foreshift:fleet'),
      pools: names('values of the tag foreshift:service'),
      challengers: names('names of models'),
      tuneTrials: whole(0, 500),
      tuneModel: (value) => (name(value) ? null : 'the name of a model'),
      continueEpochs: whole(0, 20),
      horizonMs: (value) => (typeof value === 'number' && value >= 5 * MINUTE && value <= 7 * 1440 * MINUTE ? null : `milliseconds from ${5 * MINUTE} to ${7 * 1440 * MINUTE}`),
      origins: whole(1, 100),
      maxSeries: whole(1, 1000),
      maxForecasts: whole(0, 1_000_000),
      mode: (value) => (value === 'act' || value === 'observe' ? null : '"act" or "observe"'),
      retainDays: whole(15, 400),
      seed: whole(0, 2_147_483_647),
    },
    [],
    'trainForecasts',
  );
}
