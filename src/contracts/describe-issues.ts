import type { z } from 'zod';
import { shownText } from '../domain/shown';

/** A list of ten thousand wrong entries would otherwise be ten thousand sentences. */
const MOST_ISSUES = 20;
const LONGEST = 500;

/** What a schema found wrong, one sentence a field. @param whole what the value is called where no single field is wrong */
export function describeIssues({ issues }: Pick<z.ZodError, 'issues'>, whole: string): string[] {
  const sentences = issues.slice(0, MOST_ISSUES).map(({ path, message }) => `${shownText(path.map(String).join('.')) || whole}: ${shownText(message, LONGEST)}`);
  return issues.length <= MOST_ISSUES ? sentences : [...sentences, `${issues.length - MOST_ISSUES} more are wrong`];
}
