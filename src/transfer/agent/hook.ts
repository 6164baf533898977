import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What is told to the service: an address that is posted to, or a command. */
export type Hook = { readonly kind: 'http'; readonly url: string } | { readonly kind: 'command'; readonly command: string };

const execute = promisify(execFile);
const HOOK_WITHIN_MS = 30_000;

/** Reads a hook: what begins with http:// or https:// is posted to, everything else is run by the shell. */
export function hookOf(text: string): Hook {
  return /^https?:\/\//.test(text) ? { kind: 'http', url: text } : { kind: 'command', command: text };
}

/** Calls the hook and returns once it is done. Throws with what it answered where it did not agree. */
export async function callHook(hook: Hook | null): Promise<void> {
  if (hook === null) return;
  if (hook.kind === 'command') {
    await execute('/bin/sh', ['-c', hook.command], { timeout: HOOK_WITHIN_MS });
    return;
  }
  const answer = await fetch(hook.url, { method: 'POST', signal: AbortSignal.timeout(HOOK_WITHIN_MS) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${hook.url} answered ${answer.status}: ${text.slice(0, 200)}`);
}
