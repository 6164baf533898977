import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** What a block begins with: how its doubles are packed. */
const WHOLE = 0;
const SPLIT = 1;
const BYTES = 8;
/** Of a double's eight bytes (little-endian), the last two hold sign, exponent and the first digits: they repeat where the rest is noise. */
const LOWER_BYTES = 6;

/**
 * Packs one day of a series, NaN for gaps, without loss of a bit. Load that repeats values (idle, quantised, counted) is deflated as a whole. The digits of
 * measured averages do not repeat: then only the bytes that tell the magnitude are deflated, and the others kept as they are.
 */
export function packDay(values: Float64Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const whole = deflateRawSync(bytes);
  const lower = Buffer.alloc(LOWER_BYTES * values.length);
  const upper = Buffer.alloc(bytes.length - lower.length);
  eachByte(values.length, (plane, i, at) => {
    if (plane < LOWER_BYTES) lower[plane * values.length + i] = bytes[at] as number;
    else upper[(plane - LOWER_BYTES) * values.length + i] = bytes[at] as number;
  });
  const head = deflateRawSync(upper);
  return whole.length <= lower.length + head.length ? Buffer.concat([Buffer.of(WHOLE), whole]) : Buffer.concat([Buffer.of(SPLIT), lower, head]);
}

/**
 * @param length how many values the day has
 * @throws Error where the block is damaged or does not hold so many
 */
export function unpackDay(block: Buffer, length: number): Float64Array {
  const values = new Float64Array(length);
  const bytes = Buffer.from(values.buffer);
  if (block[0] === WHOLE) inflated(block.subarray(1), bytes.length).copy(bytes);
  else if (block[0] === SPLIT) {
    const lower = block.subarray(1, 1 + LOWER_BYTES * length);
    const upper = inflated(block.subarray(1 + LOWER_BYTES * length), (BYTES - LOWER_BYTES) * length);
    eachByte(length, (plane, i, at) => {
      bytes[at] = (plane < LOWER_BYTES ? lower[plane * length + i] : upper[(plane - LOWER_BYTES) * length + i]) as number;
    });
  } else throw new Error(`a day of values is packed in a way (${block[0]}) that this version does not know`);
  return values;
}

function inflated(packed: Buffer, expected: number): Buffer {
  const bytes = inflateRawSync(packed);
  if (bytes.length !== expected) throw new Error(`a day of values has ${bytes.length} bytes; expected ${expected}`);
  return bytes;
}

/** Visits the bytes of `length` doubles, all first bytes first. */
function eachByte(length: number, visit: (plane: number, i: number, at: number) => void): void {
  for (let plane = 0; plane < BYTES; plane++) for (let i = 0; i < length; i++) visit(plane, i, i * BYTES + plane);
}
