/** A stream of uniform numbers in [0, 1); the same seed gives the same stream on every machine. */
export type RandomStream = () => number;

/**
 * Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, ample for simulations and generated load,
 * unfit for secrets. The seed is cut to 32 bits.
 */
export function createRandomStream(seed: number): RandomStream {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One standard normal number from two uniform ones (Box and Muller 1958). */
export function nextNormal(random: RandomStream): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
