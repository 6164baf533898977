/** Samples of one VM in a day: one each 300 s. */
export const SAMPLES_PER_DAY = 288;
export const SAMPLE_SECONDS = 300;
const STRIDE = SAMPLES_PER_DAY + 1;

/** One day of PlanetLab, the CPU use of every VM as a share of the VM's own MIPS. */
export interface Trace {
  readonly vmCount: number;
  /** VM after VM, 289 ratios each: the last sample stands twice, so that there is one to interpolate towards. */
  readonly useRatio: Float64Array;
}

/**
 * Reads a packed day: one line a VM, `name,v0,...,v287`, whole percents. The order of the lines is the index of the VMs, and results depend on it.
 * @throws Error naming line, field and what was expected
 */
export function readTrace(text: string): Trace {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new Error('the trace is empty; expected one line a VM: name,v0,...,v287');
  const useRatio = new Float64Array(lines.length * STRIDE);
  lines.forEach((line, vm) => {
    const fields = line.split(',');
    if (fields.length !== STRIDE) throw new Error(`line ${vm + 1} has ${fields.length} fields; expected ${STRIDE}: name,v0,...,v287`);
    const row = useRatio.subarray(vm * STRIDE, (vm + 1) * STRIDE);
    for (let i = 0; i < SAMPLES_PER_DAY; i++) row[i] = percent(fields[i + 1] as string, `line ${vm + 1}, v${i}`) / 100;
    row[SAMPLES_PER_DAY] = row[SAMPLES_PER_DAY - 1] as number;
  });
  return { vmCount: lines.length, useRatio };
}

function percent(text: string, field: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (!(value <= 100)) throw new Error(`${field} is "${text}"; expected a whole number from 0 to 100`);
  return value;
}

/** What a VM asks of its own MIPS, 0..1, `atS` seconds into the day: on the straight line between the samples around. */
export function useRatioAt({ useRatio }: Trace, vm: number, atS: number): number {
  const first = vm * STRIDE;
  const a = Math.floor(atS / SAMPLE_SECONDS);
  const before = useRatio[first + a] as number;
  if (atS % SAMPLE_SECONDS === 0) return before;
  const b = Math.ceil(atS / SAMPLE_SECONDS);
  const after = useRatio[first + b] as number;
  return before + ((after - before) / ((b - a) * SAMPLE_SECONDS)) * (atS - a * SAMPLE_SECONDS);
}
