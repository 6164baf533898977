/** How many terms a process has. */
export interface ArimaOrder {
  readonly ar: number;
  /** 0, 1 or 2. */
  readonly differences: number;
  readonly ma: number;
  /** Whether the differenced load has a mean: the level for no differences, a drift for one. */
  readonly constant: boolean;
}

/**
 * An ARIMA process without seasons: the `differences`-th difference of the load, less a constant, follows
 * `w[t] = ar[0] w[t-1] + ... + e[t] + ma[0] e[t-1] + ...` (Box and Jenkins 1970).
 */
export interface ArimaProcess {
  readonly ar: Float64Array;
  readonly ma: Float64Array;
  /** 0, 1 or 2. */
  readonly differences: number;
}

/**
 * The process in state-space form (Harvey 1989, section 3.4): the first `core` states carry the differenced part, the rest the last loads. A load is
 * the first state plus `lagWeights` times the last loads, without an error of its own.
 */
export interface StateSpace {
  readonly core: number;
  readonly size: number;
  /** `[core]`, padded by zeros. */
  readonly ar: Float64Array;
  /** `[size]`: what one innovation adds to each state. */
  readonly impact: Float64Array;
  readonly lagWeights: Float64Array;
}

export function toStateSpace({ ar, ma, differences }: ArimaProcess): StateSpace {
  const core = Math.max(ar.length, ma.length + 1);
  const padded = new Float64Array(core);
  padded.set(ar);
  const impact = new Float64Array(core + differences);
  impact[0] = 1;
  impact.set(ma, 1);
  const lagWeights = Float64Array.from([[], [1], [2, -1]][differences] ?? []);
  return { core, size: core + differences, ar: padded, impact, lagWeights };
}

/** The load that a state stands for; the state may be a row or column of a matrix. */
export function loadOf({ core, lagWeights }: StateSpace, states: Float64Array, offset = 0, stride = 1): number {
  let load = states[offset] as number;
  for (let k = 0; k < lagWeights.length; k++) load += (lagWeights[k] as number) * (states[offset + (core + k) * stride] as number);
  return load;
}

/** Moves a state one step ahead, in place, without an innovation; the state may be a row or column of a matrix. */
export function advance(space: StateSpace, states: Float64Array, offset = 0, stride = 1): void {
  const { core, size, ar } = space;
  const load = size > core ? loadOf(space, states, offset, stride) : 0;
  const first = states[offset] as number;
  const last = core - 1;
  for (let i = 0, at = offset; i < last; i++, at += stride) states[at] = (ar[i] as number) * first + (states[at + stride] as number);
  states[offset + last * stride] = (ar[last] as number) * first;
  for (let k = size - 1; k > core; k--) states[offset + k * stride] = states[offset + (k - 1) * stride] as number;
  if (size > core) states[offset + core * stride] = load;
}
