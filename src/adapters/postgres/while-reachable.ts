import { ApplicationFailure } from '@temporalio/common';
import { retryableFailure } from '../../contracts/errors';
import type { Database } from './database';

/** Runs statements; what the database says against them is `Unavailable`, a refusal of our own stays what it is. */
export async function whileReachable<T>(otherwise: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    throw retryableFailure('Unavailable', `${otherwise}: ${String(error)}`, error instanceof Error ? error : undefined);
  }
}

/** The same, all statements or none. */
export function inTransaction<T>(db: Database, otherwise: string, work: (transaction: Database) => Promise<T>): Promise<T> {
  return whileReachable(otherwise, () => db.transaction().execute(work));
}
