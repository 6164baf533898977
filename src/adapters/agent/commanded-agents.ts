import { z } from 'zod';
import type { InstanceCommandPort } from '../../activities/instance-command-port';
import { businessFailure, retryableFailure } from '../../contracts/errors';
import type { SideLook } from '../../domain/transfer/side-look';
import type { StandByRequest } from '../../transfer/agent/receiving-side';
import type { ReplicationRequest } from '../../transfer/agent/transfer-status';
import { shownText } from '../../domain/shown';
import { jsonOrNull } from '../json-or-null';
import { shellWord } from '../shell-word';

/**
 * The agents on instances, each commanded by `foreshift agent ...` on its own machine: their endpoints stay on loopback.
 * What an instance remembers may have come with an image of another one: each command names the machine that it is for.
 */
export interface CommandedAgents {
  look(instanceId: string): Promise<SideLook>;
  standBy(instanceId: string, request: StandByRequest): Promise<void>;
  replicate(instanceId: string, request: Required<Pick<ReplicationRequest, 'owner' | 'peerFingerprint' | 'maxPauseMs'>> & ReplicationRequest): Promise<void>;
  cutOver(instanceId: string): Promise<void>;
  stop(instanceId: string): Promise<void>;
  leave(instanceId: string, owner: string): Promise<void>;
}

/** What an instance says is shown on terminals, in logs and in the audit. */
const LONGEST_SENTENCE = 500;

const lookSchema = z.object({
  instanceId: z.string(),
  fingerprint: z.string(),
  port: z.int(),
  owner: z.string().nullable(),
  role: z.enum(['live', 'standby', 'left', 'undecided']),
  isHandingOver: z.boolean(),
  phase: z.enum(['idle', 'copying', 'ready', 'quiesced', 'released', 'stopped', 'failed', 'unsure']),
  why: z.string().transform((why) => shownText(why, LONGEST_SENTENCE)),
  rounds: z.int(),
  lagBytes: z.number().nullable(),
  predictedPauseMs: z.number().nullable(),
  pauseMs: z.number().nullable(),
  pausePredictedMs: z.number().nullable(),
  root: z.string().nullable(),
  hasDoor: z.boolean(),
  door: z.object({ port: z.int() }).nullable(),
});

const WITHIN_MS = 15_000;

/** Throws `Conflict` with the agent's own sentence where it refuses, `NotReadyYet` where none answers on the instance, and what the port throws. */
export function createCommandedAgents(commands: InstanceCommandPort): CommandedAgents {
  const ask = async (instanceId: string, ...words: readonly string[]): Promise<SideLook> => {
    const { exitCode, stdout, stderr } = await commands.run(instanceId, ['foreshift', 'agent', ...words, '--instance-id', instanceId, '--brief'].map(shellWord).join(' '), { withinMs: WITHIN_MS });
    if (exitCode !== 0) {
      const sentence = shownText(stderr.trim().slice(-LONGEST_SENTENCE), LONGEST_SENTENCE);
      if (sentence.includes('the agent refused')) throw businessFailure('Conflict', `${instanceId}: ${sentence}`);
      throw retryableFailure('NotReadyYet', `the agent on ${instanceId} does not answer: ${sentence === '' ? `exit code ${exitCode}` : sentence}`);
    }
    const parsed = lookSchema.safeParse(jsonOrNull(stdout));
    if (!parsed.success) throw retryableFailure('Unavailable', `the agent on ${instanceId} answered what no agent of this version does: ${shownText(stdout, 200)}`);
    return parsed.data;
  };
  return {
    look: (instanceId) => ask(instanceId, 'status'),
    async standBy(instanceId, { owner, peerFingerprint, service }) {
      await ask(instanceId, 'stand-by', '--owner', owner, '--peer-fingerprint', peerFingerprint, ...(service === undefined ? [] : ['--service', `${service.host}:${service.port}`]));
    },
    async replicate(instanceId, { owner, host, port, peerFingerprint, maxPauseMs, service }) {
      await ask(instanceId, 'send', '--detach', '--to', `${host}:${port}`, '--owner', owner, '--peer-fingerprint', peerFingerprint, '--max-pause', String(maxPauseMs), ...(service === undefined ? [] : ['--service', `${service.host}:${service.port}`]));
    },
    async cutOver(instanceId) {
      await ask(instanceId, 'cutover');
    },
    async stop(instanceId) {
      await ask(instanceId, 'stop');
    },
    async leave(instanceId, owner) {
      await ask(instanceId, 'leave', '--owner', owner);
    },
  };
}
