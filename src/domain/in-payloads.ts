/** A character of JSON is three bytes at most (a pair of surrogates four): so many stay below 64 KiB whatever they say. */
const MOST_CHARACTERS = 21_000;

/** Items in parts of less than 64 KiB of JSON each, in their order: what crosses a boundary in one payload. An item alone must be smaller. */
export function inPayloads<T>(items: readonly T[], mostItems = Infinity): T[][] {
  const parts: T[][] = [];
  let characters = Infinity;
  for (const item of items) {
    const length = JSON.stringify(item).length + 1;
    if (characters + length > MOST_CHARACTERS || (parts.at(-1)?.length ?? 0) >= mostItems) {
      parts.push([]);
      characters = 0;
    }
    parts.at(-1)?.push(item);
    characters += length;
  }
  return parts;
}
