import type { ApprovalWanted } from '../../../domain/notifications/notification';
import type { SessionInfo } from '../../console-api';

/** What the server refused, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Answers a GET. @throws Error with the server's own words */
export async function read<T>(path: string): Promise<T> {
  return answerOf<T>(() => fetch(path));
}

/** Changes something, as who is logged in. @throws Error with the server's own words */
export async function act(path: string, body: object, session: SessionInfo | null): Promise<{ readonly said: string }> {
  return post(path, body, session);
}

/** What a link's secret approves. @throws Error where it is not good (any more) */
export async function lookAtApproval(secret: string): Promise<ApprovalWanted> {
  return post('/api/approval/look', { secret }, null);
}

export async function logIn(token: string): Promise<SessionInfo> {
  return post('/api/login', { token }, null);
}

async function post<T>(path: string, body: object, session: SessionInfo | null): Promise<T> {
  const csrf = session === null ? {} : { 'x-foreshift-csrf': session.csrfToken };
  return answerOf<T>(() => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...csrf }, body: JSON.stringify(body) }));
}

async function answerOf<T>(ask: () => Promise<Response>): Promise<T> {
  const response = await ask().catch(() => {
    throw new Error('the console does not answer: is "foreshift console" still running?');
  });
  const body = (await response.json().catch(() => ({}))) as T & { readonly error?: string };
  if (!response.ok) throw new Refused(response.status, body.error ?? `the server answered ${response.status}`);
  return body;
}

/** An error's sentence, without its class. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
