const LONGEST = 80;
const MOST_PRINTED = 8_000;
/** They rewrite what stands on a terminal before them, or the order in which it is read; JSON escapes the others itself. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const UNSEEN = /[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A value as a sentence quotes it: JSON, or `nothing`, cut at `longest` characters, without what cannot be seen. Never throws. */
export function shown(value: unknown, longest = LONGEST): string {
  const json = plain(jsonOf(value));
  return json.length > longest ? `${json.slice(0, longest - 3)}...` : json;
}

/** A text of somebody else's, such as the name of a field, as a sentence uses it: bare, cut at `longest` characters, without what cannot be seen. */
export function shownText(text: string, longest = LONGEST): string {
  const whole = plain(text);
  return whole.length > longest ? `${whole.slice(0, longest - 3)}...` : whole;
}

/** What is printed for a person, who may be at a terminal: its lines as they are, without what cannot be seen, and no longer than can be read. */
export function printable(text: string): string {
  const lines = text.split('\n').map((line) => plain(line.replaceAll('\t', ' ')));
  const whole = lines.join('\n');
  return whole.length > MOST_PRINTED ? `${whole.slice(0, MOST_PRINTED)}... (${whole.length - MOST_PRINTED} more characters)` : whole;
}

function plain(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    // It is a recursion, and the value may be nested as deeply as a payload is long.
    return Array.isArray(value) ? 'a list that is nested too deeply to be shown' : 'an object that is nested too deeply to be shown';
  }
}
