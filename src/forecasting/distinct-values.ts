let distinct = new Float64Array(0);
/** By hash: one more than the place in `distinct`, 0 where free. */
let places = new Int32Array(0);
const bits = new Float64Array(1);
const halves = new Uint32Array(bits.buffer);

/**
 * The distinct values among `values`, in the order in which they were first seen; only the first `most` of them. By open addressing: a `Set` of doubles takes
 * ten times as long.
 */
export function distinctValues(values: Float64Array, most = values.length): Float64Array {
  const slots = 2 ** Math.ceil(Math.log2(2 * values.length + 1));
  const mask = slots - 1;
  if (places.length < slots) [distinct, places] = [new Float64Array(slots / 2), new Int32Array(slots)];
  places.fill(0, 0, slots);
  let count = 0;
  for (let i = 0; i < values.length && count < most; i++) {
    const value = values[i] as number;
    bits[0] = value + 0; // -0 is 0.
    let slot = hash() & mask;
    while (places[slot] !== 0 && distinct[(places[slot] as number) - 1] !== value) slot = (slot + 1) & mask;
    if (places[slot] !== 0) continue;
    distinct[count++] = value;
    places[slot] = count;
  }
  return distinct.slice(0, count);
}

function hash(): number {
  const mixed = Math.imul((halves[0] as number) ^ Math.imul(halves[1] as number, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
