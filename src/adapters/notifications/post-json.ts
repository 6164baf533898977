const WITHIN_MS = 10_000;

/** Posts JSON and returns when the other side has taken it. Throws with the status; never with the address, which may be a secret. */
export async function postJson(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, redirect: 'error', signal: AbortSignal.timeout(WITHIN_MS) }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`not reached: ${cause instanceof Error ? (('code' in cause && String(cause.code)) || cause.name) : 'unknown'}`);
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
}

/** The address that an environment variable names. Throws naming the variable where it is none, or is not encrypted on its way to another machine. */
export function postUrl(variable: string, value: string | undefined): string {
  const url = value !== undefined && URL.canParse(value) ? new URL(value) : null;
  if (url === null) throw new Error(`${variable}: expected an address that begins with https://`);
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere)) throw new Error(`${variable}: expected https://; http:// goes to this machine only`);
  return url.href;
}
