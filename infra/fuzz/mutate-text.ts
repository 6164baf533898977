import fc from 'fast-check';
import { ODD_TEXTS } from './odd-values';

interface TextChange {
  readonly act: 'insert' | 'replace' | 'delete' | 'truncate' | 'repeat' | 'line' | 'swapLines';
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const MOST_CHANGES = 4;
const MOST_CHARACTERS = 200_000;

/** @param words texts that mean something in this format */
function changes(words: readonly string[]): fc.Arbitrary<TextChange> {
  return fc.record({
    act: fc.constantFrom('insert' as const, 'replace' as const, 'replace' as const, 'delete' as const, 'truncate' as const, 'repeat' as const, 'line' as const, 'swapLines' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    length: fc.nat({ max: 40 }),
    text: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ODD_TEXTS, ...words, ...words) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) }),
  });
}

/** One of the examples, right as it is or with some places changed; now and then no text of this format at all. */
export function mutatedText(examples: readonly string[], words: readonly string[] = []): fc.Arbitrary<string> {
  const some = fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 12, arbitrary: fc.array(changes(words), { minLength: 1, maxLength: MOST_CHANGES }) });
  return fc.oneof(
    { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'binary', maxLength: 400 })) },
    { weight: 19, arbitrary: fc.tuple(fc.constantFrom(...examples), some).map(([example, made]) => made.reduce(changed, example).slice(0, MOST_CHARACTERS)) },
  );
}

function changed(whole: string, { act, at, length, text }: TextChange): string {
  const from = Math.floor(at * whole.length);
  const lines = whole.split('\n');
  const line = Math.floor(at * lines.length);
  switch (act) {
    case 'insert':
      return whole.slice(0, from) + text + whole.slice(from);
    case 'replace':
      return whole.slice(0, from) + text + whole.slice(from + length);
    case 'delete':
      return whole.slice(0, from) + whole.slice(from + length);
    case 'truncate':
      return whole.slice(0, from);
    case 'repeat':
      return whole.slice(0, from) + whole.slice(from, from + length).repeat(50) + whole.slice(from + length);
    case 'line':
      return [...lines.slice(0, line), text, ...lines.slice(line)].join('\n');
    case 'swapLines':
      return [...lines.slice(line), ...lines.slice(0, line)].join('\n');
  }
}
