import type { OperatorService } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes';

/** Temporal's number of the type Keyword. */
const KEYWORD = 2;

interface Operated {
  readonly operatorService: Pick<OperatorService, 'listSearchAttributes' | 'addSearchAttributes'>;
}

/** The search attributes that a namespace does not know, by name. @throws what the server says where it may not be asked */
export async function missingAttributes({ operatorService }: Operated, namespace: string): Promise<string[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  return SEARCH_ATTRIBUTES.map(({ name }) => name).filter((name) => customAttributes?.[name] === undefined);
}

/** Makes these search attributes, all of which are keywords. */
export async function addAttributes({ operatorService }: Operated, namespace: string, names: readonly string[]): Promise<void> {
  if (names.length > 0) await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(names.map((name) => [name, KEYWORD])) });
}

/**
 * A workflow that sets an attribute which its namespace does not know stands still for ever, and says so to nobody.
 * @throws Error naming what is missing. A server that does not let itself be asked is believed to have them
 */
export async function requireAttributes(connection: Operated, namespace: string): Promise<void> {
  const missing = await missingAttributes(connection, namespace).catch(() => []);
  if (missing.length > 0) throw new Error(`the namespace "${namespace}" does not know the search attributes ${missing.join(', ')}; "foreshift setup" makes them`);
}
