/** What a program printed, as JSON; null where it is none, for a schema to refuse. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
