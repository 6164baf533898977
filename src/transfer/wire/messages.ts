import { z } from 'zod';
import { entrySchema } from './acts';
import { WireError } from './wire-error';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();

/** What the sender says. */
export const senderMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hello'), version: z.int() }),
  /** Asks for the receiver's entries; `tables`: with all tables, not only those of files that a broken round touched. */
  z.strictObject({ kind: z.literal('list'), tables: z.boolean() }),
  z.strictObject({ kind: z.literal('begin'), round: count }),
  /** The payload is the data and then the acts as JSON; `packed` tells that both are one zstd frame. */
  z.strictObject({ kind: z.literal('batch'), number: count, actBytes: count, dataBytes: count, actsDigest: digest, packed: z.boolean() }),
  z.strictObject({ kind: z.literal('commit'), root: digest }),
  /** Asks the receiver to read its state from disk again. */
  z.strictObject({ kind: z.literal('verify') }),
  /** Asks for an answer at once, to learn how long one takes. */
  z.strictObject({ kind: z.literal('probe') }),
  /** Has the receiver's service read what has come so far, so that little is left for its take-over. */
  z.strictObject({ kind: z.literal('rehearse') }),
  /** The state is the receiver's from now on: it takes nothing more from this side. */
  z.strictObject({ kind: z.literal('release'), root: digest }),
]);

/** What the receiver answers. */
export const receiverMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('welcome'), version: z.int(), root: digest.nullable() }),
  /** Entries in the order of their paths. */
  z.strictObject({ kind: z.literal('listed'), entries: z.array(entrySchema) }),
  /** A part of the table of a file that was not listed yet, as payload. */
  z.strictObject({ kind: z.literal('table'), path: z.string(), digest }),
  z.strictObject({ kind: z.literal('listEnd') }),
  z.strictObject({ kind: z.literal('ack'), number: count }),
  /** The digest of the receiver's state; it was committed if it is the one asked for. */
  z.strictObject({ kind: z.literal('committed'), root: digest }),
  /** Paths whose content on disk is not what it should be; they count as unknown from now on. */
  z.strictObject({ kind: z.literal('verified'), bytes: count, differing: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('probed') }),
  /** How long it took. */
  z.strictObject({ kind: z.literal('rehearsed'), takenMs: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('released') }),
  z.strictObject({ kind: z.literal('refused'), message: z.string().max(4_096) }),
]);

export type SenderMessage = z.infer<typeof senderMessageSchema>;
export type ReceiverMessage = z.infer<typeof receiverMessageSchema>;

/** Reads what came. Throws a WireError that names what is wrong. */
export function parseMessage<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new WireError(`not understood: ${z.prettifyError(parsed.error).slice(0, 500)}`);
  return parsed.data;
}
