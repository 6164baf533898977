/** Tags that may name the pool that an instance belongs to; the first that is there does. */
export const SERVICE_TAGS = ['foreshift:service', 'Service', 'Name'] as const;

/** Of instances that have none of them: nobody knows what belongs together. */
export const UNKNOWN_SERVICE = 'unknown';

/** The pool that an instance belongs to, by its tags: instances of one service share models, and only one of them moves at a time. */
export function serviceOf(tags: Readonly<Record<string, string>>): string {
  return SERVICE_TAGS.map((tag) => tags[tag]).find((name) => name !== undefined) ?? UNKNOWN_SERVICE;
}
