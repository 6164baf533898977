import { checkFields } from './migration-input';

/** All that is wrong with the input of a control tick, one sentence a field. */
export function checkFleetInput(input: unknown): string[] {
  return checkFields(
    input,
    {
      fleet: (value) => (typeof value === 'string' && value !== '' ? null : 'the value of the tag foreshift:fleet'),
      mode: (value) => (value === 'observe' || value === 'act' ? null : '"observe" or "act"'),
      maxMoves: (value) => (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 100 ? null : 'a whole number from 0 to 100'),
    },
    [],
    'shapeFleet',
  );
}
