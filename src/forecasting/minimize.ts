export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
}

const MOST_ITERATIONS = 60;
const DIFFERENCE = 1e-5;
/** Armijo's constant: a step must gain at least this share of what the slope promises. */
const SUFFICIENT = 1e-4;
const LONGEST_STEP = 1;

/**
 * Minimum of a smooth function of a few variables, all around 1 in size, by BFGS with a gradient of central differences (Nocedal and Wright 2006, chapter 6).
 * Deterministic. Where the function is not finite the search turns back.
 *
 * @param start where the function is finite
 * @param smallestGain a step that gains less ends the search
 */
export function minimize(f: (x: Float64Array) => number, start: Float64Array, smallestGain: number): Minimum {
  const size = start.length;
  let x = Float64Array.from(start);
  let value = f(x);
  let gradient = gradientOf(f, x);
  let inverse = identity(size);
  for (let iteration = 0; iteration < MOST_ITERATIONS && size > 0; iteration++) {
    const direction = downhill(inverse, gradient);
    const slope = dot(direction, gradient);
    if (!(slope < -1e-12)) break;
    const found = searchLine(f, x, value, direction, slope);
    if (found === null) break;
    const nextGradient = gradientOf(f, found.at);
    const step = found.at.map((v, i) => v - (x[i] as number));
    const change = nextGradient.map((v, i) => v - (gradient[i] as number));
    inverse = updateInverse(inverse, step, change);
    const gain = value - found.value;
    x = Float64Array.from(found.at);
    value = found.value;
    gradient = nextGradient;
    if (gain < smallestGain) break;
  }
  return { at: x, value };
}

function searchLine(f: (x: Float64Array) => number, x: Float64Array, value: number, direction: Float64Array, slope: number): Minimum | null {
  const length = Math.sqrt(dot(direction, direction));
  for (let share = Math.min(1, LONGEST_STEP / length); share > 1e-8; share /= 3) {
    const at = x.map((v, i) => v + share * (direction[i] as number));
    const found = f(at);
    if (found <= value + SUFFICIENT * share * slope) return { at, value: found };
  }
  return null;
}

function gradientOf(f: (x: Float64Array) => number, x: Float64Array): Float64Array {
  const at = Float64Array.from(x);
  return x.map((v, i) => {
    at[i] = v + DIFFERENCE;
    const above = f(at);
    at[i] = v - DIFFERENCE;
    const below = f(at);
    at[i] = v;
    const slope = (above - below) / (2 * DIFFERENCE);
    return Number.isFinite(slope) ? slope : 0;
  });
}

function downhill(inverse: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  return gradient.map((_, i) => -dot(inverse.subarray(i * size, (i + 1) * size), gradient));
}

/** The BFGS update of the inverse Hessian; left as it is where the curvature is not positive. */
function updateInverse(inverse: Float64Array, step: Float64Array, change: Float64Array): Float64Array {
  const curvature = dot(step, change);
  if (!(curvature > 1e-12)) return inverse;
  const size = step.length;
  const moved = step.map((_, i) => dot(inverse.subarray(i * size, (i + 1) * size), change));
  const factor = 1 + dot(change, moved) / curvature;
  return inverse.map((v, at) => {
    const i = Math.floor(at / size);
    const j = at % size;
    const [si, sj] = [step[i] as number, step[j] as number];
    return v + (factor * si * sj - (moved[i] as number) * sj - si * (moved[j] as number)) / curvature;
  });
}

function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i] as number) * (right[i] as number);
  return sum;
}
