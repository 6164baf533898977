import { Agent, get } from 'node:http';

export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly description: string };

// A new connection for every check, as ELB does: a kept one would hide that nothing listens any more.
const agent = new Agent({ keepAlive: false });

/** One HTTP health check. */
export function probeTarget(address: string, port: number, path: string, timeoutMs: number, matcher: string): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const fail = (reason: string, description: string): void => resolve({ ok: false, reason, description });
    const request = get({ agent, host: address, port, path, headers: { 'user-agent': 'ELB-HealthChecker/2.0' } }, (response) => {
      response.resume();
      response.on('error', () => fail('Target.FailedHealthChecks', 'Health checks failed'));
      response.on('end', () => {
        clearTimeout(timer);
        const code = response.statusCode ?? 0;
        if (matches(matcher, code)) resolve({ ok: true });
        else fail('Target.ResponseCodeMismatch', `Health checks failed with these codes: [${code}]`);
      });
    });
    const timer = setTimeout(() => {
      fail('Target.Timeout', 'Request timed out');
      request.destroy();
    }, timeoutMs);
    request.on('error', () => {
      clearTimeout(timer);
      fail('Target.FailedHealthChecks', 'Health checks failed');
    });
  });
}

/** Whether a status code is among `200`, `200,202` or `200-299`. */
function matches(matcher: string, code: number): boolean {
  return matcher.split(',').some((part) => {
    const [from, to] = part.split('-').map(Number);
    return from !== undefined && code >= from && code <= (to ?? from);
  });
}
