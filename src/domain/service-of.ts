/** The pool that an instance belongs to, by its tags: instances of one service share models, and only one of them moves at a time. */
export function serviceOf(tags: Readonly<Record<string, string>>): string {
  return tags['foreshift:service'] ?? tags['Service'] ?? tags['Name'] ?? 'unknown';
}
