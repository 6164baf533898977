import { createMiddleware } from 'hono/factory';
import { mayDo } from '../../../domain/roles';
import type { Role } from '../../../domain/roles';
import type { SessionInfo } from '../../console-api';
import { ConsoleRefusal } from '../console-refusal';

/** What a request knows once it is let in. */
export interface ConsoleEnv {
  Variables: { session: SessionInfo; sessionId: string };
}

/** Lets those through who are at least that. */
export function atLeast(least: Role) {
  return createMiddleware<ConsoleEnv>(async (c, next) => {
    const { role } = c.get('session');
    if (!mayDo(role, least)) throw new ConsoleRefusal(403, `this takes the role ${least}; you are ${role}`);
    await next();
  });
}

/** @throws ConsoleRefusal where the body is no JSON */
export async function jsonOf(request: { json(): Promise<unknown> }): Promise<unknown> {
  return request.json().catch(() => {
    throw new ConsoleRefusal(400, 'request: expected JSON');
  });
}
