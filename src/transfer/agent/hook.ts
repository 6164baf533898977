import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
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
  const { status, text } = await post(hook.url);
  if (status < 200 || status > 299) throw new Error(`${hook.url} answered ${status}: ${text.slice(0, 200)}`);
}

/** Goes as far as the hook without calling it: connects to where it answers, or starts the shell that would run it. Throws where it cannot. */
export async function reachHook(hook: Hook): Promise<void> {
  if (hook.kind === 'command') {
    await execute('/bin/sh', ['-c', ':'], { timeout: HOOK_WITHIN_MS });
    return;
  }
  const { hostname, port, protocol } = new URL(hook.url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(HOOK_WITHIN_MS) });
  } finally {
    socket.destroy();
  }
}

// Not by fetch: its first call loads for 40 ms, and that would be in the pause.
async function post(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, { method: 'POST', signal: AbortSignal.timeout(HOOK_WITHIN_MS) });
  request.end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const piece of answer) text += String(piece);
  return { status: answer.statusCode ?? 0, text };
}
