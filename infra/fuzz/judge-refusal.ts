/** What only an accident says: the words of the language's own errors, of a stack, or of a value that nobody turned into words. */
const ACCIDENTS: readonly RegExp[] = [
  /(?<!received )\bundefined\b/, /^(Unexpected (token|end|non-whitespace)|Expected property name|Bad control character|Unterminated string)/, /\[object \w+\]/, /^\s+at .+:\d+:\d+\)?$/m, /Cannot (read|set|convert|destructure|access|mix)\b/, /is not (a function|iterable|a constructor|extensible|defined)/, /Maximum call stack/, /Invalid (array|string|typed array) length/, /Reduce of empty array/, /circular structure/, /object is not iterable/,
  /toFixed\(\) digits|Invalid time value|Invalid count value/, /out of memory/i, /\bERR_(?!ACCESS_DENIED)[A-Z_]+/, /invalid input syntax/, /is not assignable/, /Assertion/,
];
/** Except line ends and tabs: a sentence that holds them can rewrite what stands on a terminal before it. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]/;
const LONGEST = 20_000;

/** What is wrong with how the product refused; null where nothing is. */
export function wrongWith(sentence: string): string | null {
  if (sentence.trim() === '') return 'refused without a word';
  if (sentence.length > LONGEST) return `the refusal has ${sentence.length} characters`;
  const accident = ACCIDENTS.find((pattern) => pattern.test(sentence));
  if (accident !== undefined) return `the refusal is an accident's (${accident.source}): ${shortened(sentence)}`;
  return CONTROL.test(sentence) ? `the refusal holds control characters: ${JSON.stringify(shortened(sentence))}` : null;
}

function shortened(sentence: string): string {
  return sentence.length > 400 ? `${sentence.slice(0, 397)}...` : sentence;
}
