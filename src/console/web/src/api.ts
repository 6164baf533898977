import type { SessionInfo } from '../../console-api';

/** Answers a GET. @throws Error with the server's own words */
export async function read<T>(path: string): Promise<T> {
  return answerOf<T>(await fetch(path));
}

/** Changes something, as who is logged in. @throws Error with the server's own words */
export async function act(path: string, body: object, session: SessionInfo | null): Promise<{ readonly said: string }> {
  return post(path, body, session);
}

export async function logIn(token: string): Promise<SessionInfo> {
  return post('/api/login', { token }, null);
}

async function post<T>(path: string, body: object, session: SessionInfo | null): Promise<T> {
  const csrf = session === null ? {} : { 'x-foreshift-csrf': session.csrfToken };
  return answerOf<T>(await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...csrf }, body: JSON.stringify(body) }));
}

async function answerOf<T>(response: Response): Promise<T> {
  const body = (await response.json()) as T & { readonly error?: string };
  if (!response.ok) throw new Error(body.error ?? `the server answered ${response.status}`);
  return body;
}
