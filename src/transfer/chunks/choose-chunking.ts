import { BATCH_BYTES, BLOCK_BYTES, CONTENT_FILE_BYTES, MAX_BLOCKS, WHOLE_FILE_BYTES } from '../limits';

/** How a file is cut: in one piece, by its content, or into blocks of that many bytes. */
export type Chunking = 'whole' | 'content' | number;

/**
 * Small files are one chunk, middling ones are cut by content (an insertion moves bytes), large ones into blocks: databases
 * and disk images change in place. What is known of an earlier round is kept up to twice a bound, so that a file that grows
 * past it is not sent again for that alone. Devices have blocks whatever their size.
 */
export function chooseChunking(bytes: number, known: Chunking | null, isDevice = false): Chunking {
  if (isDevice) return typeof known === 'number' ? known : blockBytesFor(bytes);
  if (bytes <= WHOLE_FILE_BYTES) return 'whole';
  if (bytes <= CONTENT_FILE_BYTES || (known === 'content' && bytes <= 2 * CONTENT_FILE_BYTES)) return 'content';
  if (typeof known === 'number' && bytes / known <= 2 * MAX_BLOCKS) return known;
  return blockBytesFor(bytes);
}

/** The smallest block with which a table stays within its bound, at most half a batch. */
function blockBytesFor(bytes: number): number {
  let blockBytes = BLOCK_BYTES;
  while (bytes / blockBytes > MAX_BLOCKS && 2 * blockBytes <= BATCH_BYTES / 2) blockBytes *= 2;
  return blockBytes;
}
