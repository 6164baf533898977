import { z } from 'zod';
import type { InstanceCommandPort } from '../../activities/instance-command-port';
import { businessFailure, retryableFailure } from '../../contracts/errors';
import type { HookLook } from '../../domain/transfer/hook-look';
import { shownText } from '../../domain/shown';
import { jsonOrNull } from '../json-or-null';
import { shellWord } from '../shell-word';

/** The executables that an application brings, each run on its own instance; docs/application-hooks.md tells what each must do. */
export interface CommandedHooks {
  look(instanceId: string): Promise<HookLook>;
  standBy(instanceId: string, owner: string, peer: string): Promise<HookLook>;
  release(instanceId: string, owner: string, peer: string): Promise<HookLook>;
  takeOver(instanceId: string, owner: string, position: string, withinMs: number): Promise<HookLook>;
  close(instanceId: string, owner: string): Promise<HookLook>;
  resume(instanceId: string, owner: string): Promise<HookLook>;
  leave(instanceId: string, owner: string): Promise<HookLook>;
}

/** What an instance says is shown on terminals, in logs and in the audit. */
const LONGEST_SENTENCE = 500;

const lookSchema = z.object({
  role: z.enum(['live', 'released', 'standby', 'left', 'none']),
  owner: z.string().min(1).nullable(),
  isOver: z.boolean(),
  isFlowing: z.boolean(),
  lagBytes: z.number().nonnegative().nullable(),
  position: z.string().regex(/^[\x21-\x7e]{1,200}$/).nullable(),
  why: z.string().max(500).transform((why) => shownText(why, LONGEST_SENTENCE)),
});

/** The folder is the instance's to say, and the names are fixed: no command comes from a migration's input. */
const FOLDER = '"${FORESHIFT_HOOKS:-/etc/foreshift/application}"';
const REFUSED = 3;
const MISSING = [126, 127];
const WITHIN_MS = 20_000;

/**
 * Throws `Conflict` with the hook's own sentence where it refuses (exit code 3), `NotReadyYet` where it cannot do it yet (any other) or is not there, `Unavailable`
 * where it answers what no hook does, and what the port throws.
 */
export function createCommandedHooks(commands: InstanceCommandPort): CommandedHooks {
  const ask = async (instanceId: string, hook: string, words: readonly string[] = [], withinMs = WITHIN_MS): Promise<HookLook> => {
    const { exitCode, stdout, stderr } = await commands.run(instanceId, [`${FOLDER}/${hook}`, ...words.map(shellWord)].join(' '), { withinMs });
    const sentence = shownText(stderr.trim().slice(-LONGEST_SENTENCE), LONGEST_SENTENCE) || `exit code ${exitCode}`;
    if (exitCode === REFUSED) throw businessFailure('Conflict', `${instanceId} refused to ${hook}: ${sentence}`);
    if (MISSING.includes(exitCode)) throw retryableFailure('NotReadyYet', `the hook ${hook} is not on ${instanceId}: expected an executable in /etc/foreshift/application (${sentence})`);
    if (exitCode !== 0) throw retryableFailure('NotReadyYet', `${hook} on ${instanceId}: ${sentence}`);
    const parsed = lookSchema.safeParse(jsonOrNull(stdout));
    if (parsed.success) return { instanceId, ...parsed.data };
    const [issue] = parsed.error.issues;
    throw retryableFailure('Unavailable', `the hook ${hook} on ${instanceId} did not print a status (${issue?.path.join('.') || 'one line of JSON'}: ${issue?.message}): ${shownText(stdout, 200)}`);
  };
  return {
    look: (instanceId) => ask(instanceId, 'status'),
    standBy: (instanceId, owner, peer) => ask(instanceId, 'stand-by', [owner, peer]),
    release: (instanceId, owner, peer) => ask(instanceId, 'release', [owner, peer]),
    takeOver: (instanceId, owner, position, withinMs) => ask(instanceId, 'take-over', [owner, position, String(Math.ceil(withinMs / 1_000))], withinMs + WITHIN_MS / 2),
    close: (instanceId, owner) => ask(instanceId, 'close', [owner]),
    resume: (instanceId, owner) => ask(instanceId, 'resume', [owner]),
    leave: (instanceId, owner) => ask(instanceId, 'leave', [owner]),
  };
}
