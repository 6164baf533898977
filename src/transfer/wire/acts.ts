import { z } from 'zod';
import { BATCH_BYTES, BLOCK_BYTES } from '../limits';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const path = z.string().min(1).max(4_096);
const count = z.int().nonnegative();
const attributes = z.strictObject({ mode: z.int().min(0).max(0o7777), uid: count, gid: count, mtimeUs: z.int() });
const chunking = z.union([z.literal('whole'), z.literal('content'), z.int().min(BLOCK_BYTES).max(BATCH_BYTES / 2).multipleOf(BLOCK_BYTES)]);

const fileEntry = z.strictObject({ kind: z.literal('file'), path, attributes, bytes: count, chunking, content: digest });

/** An entry as it comes from the peer. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), path, attributes }),
  fileEntry,
  z.strictObject({ kind: z.literal('symlink'), path, attributes, target: z.string().min(1).max(4_096) }),
  z.strictObject({ kind: z.literal('link'), path, to: path }),
]);

/** What the receiver does to its state. Bytes stand in the batch's data, in the order of the acts. */
const actSchema = z.discriminatedUnion('act', [
  /** Makes a folder or a link, or sets the attributes of what is there, a file too. */
  z.strictObject({ act: z.literal('set'), entry: entrySchema }),
  /** A whole file: its bytes follow. */
  z.strictObject({ act: z.literal('put'), entry: fileEntry }),
  /** Begins a larger file. `fresh`: nothing of an earlier one is kept. */
  z.strictObject({ act: z.literal('open'), path, chunking, fresh: z.boolean() }),
  /** Blocks of the open file, as pairs of offset and bytes; `digest` is the SHA-256 of all their digests. */
  z.strictObject({ act: z.literal('blocks'), runs: z.array(count), digest }),
  /** Blocks of zeros, as pairs of offset and bytes; no data follow. */
  z.strictObject({ act: z.literal('zeros'), runs: z.array(count) }),
  /** The next chunks of a file cut by content: a length, whose bytes follow, or a range of the earlier file, as offset and bytes. */
  z.strictObject({ act: z.literal('chunks'), parts: z.array(z.union([z.int().positive(), z.tuple([count, z.int().positive()])])), digest }),
  /** Ends the open file: it must now be what the entry says. */
  z.strictObject({ act: z.literal('close'), entry: fileEntry }),
  /** Removes what is there, folders with all that is in them. */
  z.strictObject({ act: z.literal('delete'), path }),
  /** Stays where it is, but is no part of the state any more. */
  z.strictObject({ act: z.literal('forget'), path }),
]);

export type Act = z.infer<typeof actSchema>;

/** The acts of one batch. */
export const actsSchema = z.array(actSchema);
