import { randomBytes } from 'node:crypto';
import type { SessionInfo } from '../console-api';
import type { Person } from './oidc/person-of-claims';

const LASTS_MS = 12 * 3_600_000;
const MOST = 10_000;

export interface Sessions {
  /** The new session's id, for the cookie. */
  open(person: Person): string;
  find(id: string | undefined): SessionInfo | null;
  close(id: string): void;
}

/** Sessions in memory: a restart logs everybody out. */
export function createSessions(nowMs: () => number = Date.now): Sessions {
  const open = new Map<string, { readonly info: SessionInfo; readonly untilMs: number }>();
  return {
    open({ name, role }) {
      for (const [id, { untilMs }] of open) if (untilMs <= nowMs() || open.size >= MOST) open.delete(id);
      const id = randomBytes(32).toString('base64url');
      open.set(id, { info: { name, role, csrfToken: randomBytes(32).toString('base64url') }, untilMs: nowMs() + LASTS_MS });
      return id;
    },
    find(id) {
      const found = id === undefined ? undefined : open.get(id);
      return found === undefined || found.untilMs <= nowMs() ? null : found.info;
    },
    close: (id) => void open.delete(id),
  };
}
