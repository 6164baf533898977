import { sentenceOf } from './sentence-of';

/** What is left over, or, where nobody could be asked, a line that says that it is unknown. */
export function asFarAsKnown(found: Promise<readonly string[]>): Promise<readonly string[]> {
  return found.catch((error: unknown) => [`it is unknown whether anything is left over: ${sentenceOf(error)}`]);
}
