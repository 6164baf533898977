/** Of the wire's version; both sides must speak the same one. */
export const WIRE_VERSION = 3;

/** Literal bytes that one batch carries, before compression. On text, 4 MiB lose 0.3 % in size, and with it the little by which a first copy is smaller than that of `rsync -z`. */
export const BATCH_BYTES = 6 * 1024 * 1024;

/** Acts that one batch carries: small files are many. */
export const BATCH_ACTS = 1_000;

/** A frame's header is JSON; more is not read. */
export const MAX_HEADER_BYTES = 8 * 1024 * 1024;

/** A frame's payload; more is not read. A batch that does not compress is sent as it is, so it stays below this. */
export const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;

/** Batches that may be on their way, sent and not yet applied. Bounds the memory of both sides. */
export const WINDOW_BATCHES = 4;

/** Up to here a file is one chunk, sent whole: below a few pages a table costs more than it saves. */
export const WHOLE_FILE_BYTES = 64 * 1024;

/** Up to here a file is cut by its content, so that an insertion moves no later chunk; it is held in memory while it is read. */
export const CONTENT_FILE_BYTES = 32 * 1024 * 1024;

/** The smallest block of larger files: the page that databases and the kernel write. */
export const BLOCK_BYTES = 4_096;

/** Blocks that a file's table may have; from there its blocks are larger. Bounds the table to 32 MiB. */
export const MAX_BLOCKS = 1024 * 1024;
