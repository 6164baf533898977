import { checkFields, flag } from '../../src/domain/field-checks';
import { checkTimeZone } from '../../src/forecasting/events/time-range';
import { shown, shownText } from '../../src/domain/shown';

const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

describe('what is said about a wrong field', () => {
  it('is said of a value that is nested as deeply as a payload is long', () => {
    expect(checkFields({ dryRun: nested(200_000) }, { dryRun: flag }, [], 'it')).toEqual(['dryRun is a list that is nested too deeply to be shown; expected true or false']);
    expect(shown(JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`))).toBe('an object that is nested too deeply to be shown');
  });

  it('is said of a time zone that is nested so', () => {
    expect(() => checkTimeZone(nested(50_000), 'events[0].timeZone')).toThrow('events[0].timeZone: expected an IANA time zone such as "Europe/Berlin", got a list that is nested too deeply to be shown');
  });

  it('says nothing that rewrites a terminal, whether it stands in a name or in a value', () => {
    expect(checkFields({ '\u001b[2Jx\u202e': 1 }, { dryRun: flag }, [], 'it')[0]).toMatch(/^\\u001b\[2Jx\\u202e is not a field of it;/);
    expect(shown('a\u009b31m')).toBe('"a\\u009b31m"');
    expect(shownText('x'.repeat(300))).toHaveLength(80);
  });

  it('ends after twenty fields, with how many more are wrong', () => {
    const problems = checkFields(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}`, 1])), { dryRun: flag }, [], 'it');
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe('4980 more fields are wrong');
  });
});
