import { AsyncLocalStorage } from 'node:async_hooks';
import type { Speaker } from '../../adapters/temporal/actor/signing-interceptor';

const speaking = new AsyncLocalStorage<Speaker>();

/** Whatever `work` says to workflows, it says in this name and role. */
export function speakAs<T>(speaker: Speaker, work: () => Promise<T>): Promise<T> {
  return speaking.run(speaker, work);
}

/** In whose name the present request speaks; the console's own where it is nobody's. */
export function speaker(): Speaker {
  return speaking.getStore() ?? { actor: null, role: null };
}
