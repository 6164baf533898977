import { z } from 'zod';
import { describeIssues } from '../../src/contracts/describe-issues';

describe('what a schema found wrong', () => {
  const schema = z.array(z.strictObject({ name: z.string() }));
  const said = (value: unknown): string[] => describeIssues(schema.safeParse(value).error ?? { issues: [] }, 'the list');

  it('is a sentence for each field, the whole by its name', () => {
    expect(said([{ name: 1 }])).toEqual(['0.name: Invalid input: expected string, received number']);
    expect(said('x')).toEqual(['the list: Invalid input: expected array, received string']);
  });

  it('ends after twenty, however long the list is', () => {
    const sentences = said(Array.from({ length: 5_000 }, () => 0));
    expect([sentences.length, sentences.at(-1)]).toEqual([21, '4980 more are wrong']);
  });

  it('quotes nothing that rewrites a terminal', () => {
    expect(said([{ name: 'a', '\u001b[2J': 1 }])[0]).not.toContain('\u001b');
  });
});
