import type { Intent } from '../domain/recovery/find-drift';

/** What workflows that run mean the world to be. */
export interface IntentDirectory {
  /** `silent`: ids of those that did not answer, and of which nothing can be said. */
  running(): Promise<{ readonly intents: readonly Intent[]; readonly silent: readonly string[] }>;
}
