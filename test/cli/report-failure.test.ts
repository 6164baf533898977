import { sentenceOf } from '../../src/cli/report-failure';

describe('the sentence of a failure, as it is printed', () => {
  it('is the innermost one, of which nothing rewrites a terminal', () => {
    const inner = new Error('rules.yaml:\n"\u001b[2J\u202e" is no kind');
    expect(sentenceOf(new Error('outer', { cause: inner }))).toBe('rules.yaml:\n"\\u001b[2J\\u202e" is no kind');
  });

  it('is no longer than can be read', () => {
    expect(sentenceOf(new Error('x'.repeat(70_000)))).toBe(`${'x'.repeat(8_000)}... (62000 more characters)`);
  });
});
