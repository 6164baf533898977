import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { ApplicationFailure } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import fc from 'fast-check';
import type { CommandOutcome } from '../../../src/activities/instance-command-port';
import { createCommandedAgents } from '../../../src/adapters/agent/commanded-agents';
import { createCommandedHooks } from '../../../src/adapters/application/commanded-hooks';
import { createEncryptingCodec } from '../../../src/adapters/temporal/codec/encrypting-codec';
import { createFileKeys } from '../../../src/adapters/temporal/codec/key-file';
import { BUSINESS_ERRORS, RETRYABLE_ERRORS } from '../../../src/contracts/errors';
import { MAX_PAYLOAD_BYTES } from '../../../src/transfer/limits';
import { actsSchema } from '../../../src/transfer/wire/acts';
import { BufferPool } from '../../../src/transfer/wire/buffer-pool';
import { encodeFrame, readFrames } from '../../../src/transfer/wire/frame';
import { parseMessage, receiverMessageSchema, senderMessageSchema } from '../../../src/transfer/wire/messages';
import { unpack } from '../../../src/transfer/wire/packing';
import { WireError } from '../../../src/transfer/wire/wire-error';
import { ACCEPTED, edge, refusedWith, type Outcome } from '../edge';
import { mutatedJson, mutatedJsonText } from '../mutate-json';
import { mutatedText } from '../mutate-text';

type Answer =
  | { readonly of: 'hook' | 'agent'; readonly outcome: CommandOutcome }
  | { readonly of: 'message'; readonly value: unknown }
  | { readonly of: 'frame' | 'packed' | 'payload'; readonly changes: readonly (readonly [number, number])[]; readonly cut: number };

const INSTANCE = 'i-0123456789abcdef0';
const DIGEST = 'a'.repeat(64);
const HOOK = { role: 'live', owner: 'migration/i-1', isOver: false, isFlowing: true, lagBytes: 4_096, position: '0/16B3748', why: 'caught up' };
const AGENT = { instanceId: INSTANCE, fingerprint: 'AB:CD', port: 7_400, owner: null, role: 'live', isHandingOver: false, phase: 'copying', why: 'round 2', rounds: 2, lagBytes: null, predictedPauseMs: 20, pauseMs: null, pausePredictedMs: null, root: DIGEST, hasDoor: true, door: { port: 80 } };
const ATTRIBUTES = { mode: 0o644, uid: 0, gid: 0, mtimeUs: 0 };
const MESSAGES = [
  { kind: 'hello', version: 3 }, { kind: 'list', tables: true }, { kind: 'batch', number: 1, actBytes: 10, dataBytes: 0, actsDigest: DIGEST, packed: true }, { kind: 'release', root: DIGEST }, { kind: 'listed', entries: [{ kind: 'file', path: 'a/b', attributes: ATTRIBUTES, bytes: 3, chunking: 'whole', content: DIGEST }, { kind: 'symlink', path: 'l', attributes: ATTRIBUTES, target: 'x' }] },
  { kind: 'verified', bytes: 1, differing: ['a'] }, { kind: 'refused', message: 'no' }, [{ act: 'set', entry: { kind: 'folder', path: 'a', attributes: ATTRIBUTES } }, { act: 'delete', path: 'a' }],
];
const SCHEMAS = [senderMessageSchema, receiverMessageSchema, actsSchema];
const KNOWN: readonly string[] = [...BUSINESS_ERRORS, ...RETRYABLE_ERRORS];
/** Some hundred bytes in frames, a zstd frame, and a payload. */
const FRAMES = Buffer.concat(MESSAGES.slice(0, 4).flatMap((message) => encodeFrame(message, [Buffer.from('data')])));
const PACKED = Buffer.from('KLUv/SAg4QAAZm9yZXNoaWZ0IGZvcmVzaGlmdCBmb3Jlc2hpZnQh', 'base64');

const output = (example: object) => fc.oneof({ weight: 4, arbitrary: mutatedJsonText([example]) }, { weight: 1, arbitrary: mutatedText([`${JSON.stringify(example)}\n`]) });
const complaint = mutatedText(['the agent refused: it hands over already', 'psql: error: connection refused', '']);
const outcome = (of: 'hook' | 'agent', example: object): fc.Arbitrary<Answer> => fc.record({ of: fc.constant(of), outcome: fc.record({ exitCode: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 3, 126, 127, 255, -1) }), stdout: output(example), stderr: complaint }) });
const bytes: fc.Arbitrary<Answer> = fc.record({ of: fc.constantFrom('frame' as const, 'packed' as const, 'payload' as const), changes: fc.array(fc.tuple(fc.nat({ max: 2_000 }), fc.nat({ max: 255 })), { maxLength: 6 }), cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 60 }) }) });

/** What other machines say: applications' hooks and agents on instances, the other side of a transfer, and whatever stands where Temporal keeps payloads. */
export const machineAnswers = edge<Answer>({
  name: 'machine-answers',
  about: "hooks, agents, a transfer's peer, stored payloads",
  share: 14,
  async open() {
    let next: CommandOutcome = { exitCode: 0, stdout: '', stderr: '' };
    const commands = { run: async () => next };
    const [hooks, agents] = [createCommandedHooks(commands), createCommandedAgents(commands)];
    const codec = createEncryptingCodec(createFileKeys({ keys: [{ id: 'k1', key: randomBytes(32).toString('base64') }] }));
    const [payload = {}] = await codec.encode([{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"instanceId":"i-1"}') }]);
    const pool = new BufferPool(MAX_PAYLOAD_BYTES, 1);
    return {
      inputs: fc.oneof({ weight: 3, arbitrary: outcome('hook', HOOK) }, { weight: 3, arbitrary: outcome('agent', AGENT) }, { weight: 3, arbitrary: mutatedJson(MESSAGES).map((value) => ({ of: 'message' as const, value })) }, { weight: 3, arbitrary: bytes }),
      give: (answer) =>
        heard(async () => {
          if ('outcome' in answer) {
            next = answer.outcome;
            await (answer.of === 'hook' ? hooks.look(INSTANCE) : agents.look(INSTANCE));
          } else if ('value' in answer) {
            const found = SCHEMAS.map((schema) => tryParse(schema, answer.value));
            if (!found.includes(null)) throw found[0] as WireError;
          } else if (answer.of === 'frame') {
            for await (const frame of readFrames(Readable.from([changed(FRAMES, answer)]), pool)) parseMessage(senderMessageSchema, frame.header);
          } else if (answer.of === 'packed') await unpack(changed(PACKED, answer), 34);
          else await codec.decode([changedPayload(payload, answer)]);
        }),
      close: () => undefined,
    };
  },
});

/** What the adapters' callers know what to do with is a refusal; anything else is thrown on. */
async function heard(work: () => Promise<void>): Promise<Outcome> {
  try {
    await work();
    return ACCEPTED;
  } catch (error) {
    const isMeant = (error instanceof ApplicationFailure && KNOWN.includes(error.type ?? '')) || error instanceof WireError || (error instanceof Error && /^a payload /.test(error.message));
    if (!isMeant) throw error;
    return refusedWith(error.message);
  }
}

function tryParse(schema: (typeof SCHEMAS)[number], value: unknown): WireError | null {
  try {
    parseMessage<unknown>(schema, value);
    return null;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error;
  }
}

interface Damage {
  readonly changes: readonly (readonly [number, number])[];
  readonly cut: number;
}

function changed(whole: Buffer, { changes, cut }: Damage): Buffer {
  const copy = Buffer.from(whole);
  for (const [at, value] of changes) copy[at % copy.length] = value;
  return copy.subarray(0, Math.max(0, copy.length - cut));
}

function changedPayload(payload: Payload, damage: Damage): Payload {
  const [first] = damage.changes;
  const data = changed(Buffer.from(payload.data ?? []), damage);
  if (first === undefined || first[0] % 2 === 0) return { ...payload, data };
  const names = Object.keys(payload.metadata ?? {});
  const name = names[first[1] % names.length] ?? '';
  return { metadata: { ...payload.metadata, [name]: changed(Buffer.from(payload.metadata?.[name] ?? []), damage) }, data };
}
