/** What a thread is asked: to read so many bytes from a file, and to tell the digests of their blocks. Both buffers go to the thread, and come back with its answer. */
export interface HashTask {
  readonly fd: number;
  readonly at: number;
  readonly bytes: number;
  readonly blockBytes: number;
  readonly buffers: HashBuffers;
}

/** Room for the bytes, and for 32 bytes of each of their blocks. */
export interface HashBuffers {
  readonly data: ArrayBuffer;
  readonly digests: ArrayBuffer;
}

/** Bytes that were hashed, fewer where the file has ended; or why it could not be read. */
export type HashAnswer = { readonly bytes: number; readonly buffers: HashBuffers } | { readonly message: string; readonly code: string | undefined };
