import { businessFailure } from '../../contracts/errors';
import type { BusinessError } from '../../contracts/errors';

/** HAProxy has no error codes: these are its sentences (2.6, `src/cli.c`, `src/server.c`, `src/map.c`). */
const REFUSALS: readonly (readonly [RegExp, BusinessError])[] = [
  [/^(No such (backend|server|table)|Can't find|Unknown map identifier|entry not found|require (a valid |existing )?'?backend)/i, 'NotFound'],
  [/^Permission denied/i, 'Unauthorized'],
  [/^(Unknown command|Absolute weight|Relative weight|Malformed|Invalid|Require|Backend is using a static|set server|set map|Missing)/i, 'InvalidInput'],
];

/** What a command was refused with, as one of our errors; null where it was carried out. Commands that set something answer nothing, or what they changed. */
export function refusalOf(command: string, answer: string): Error | null {
  const sentence = answer.trim().split('\n')[0] ?? '';
  const found = REFUSALS.find(([pattern]) => pattern.test(sentence));
  if (found !== undefined) return businessFailure(found[1], `HAProxy refused "${command}": ${sentence}`);
  const sets = /^(set|add|del|clear|enable|disable) /.test(command);
  const told = sentence === '' || /by 'stats socket command'$/.test(sentence);
  return sets && !told ? businessFailure('VerificationFailed', `HAProxy answered "${command}" with: ${sentence}`) : null;
}
