import type { RandomStream } from '../../domain/seeded-random';
import type { FilledValues } from '../fill-gaps';
import { AHEAD, CHANNELS, deviationOf, PATCHES, scaleOfWindow, WINDOW, writeInput } from './load-window';

/** A series as the network sees it. */
export interface NetworkSeries {
  readonly filled: FilledValues;
  readonly startAtMs: number;
  readonly stepMs: number;
  readonly deviation: number;
}

/** Windows and what came after them, in the windows' own units. */
export interface WindowSet {
  readonly count: number;
  /** `[window][patch][channel]` */
  readonly inputs: Float32Array;
  /** `[window][step]` */
  readonly targets: Float32Array;
}

/** The end of each history is held out of training: errors there are honest. */
const HELD_OUT_SHARE = 0.2;
/** Targets beyond so many units are taken for this: one burst must not rule the training. */
const LARGEST_TARGET = 20;

export function networkSeries(filled: FilledValues, startAtMs: number, stepMs: number): NetworkSeries {
  return { filled, startAtMs, stepMs, deviation: deviationOf(filled.values) };
}

/**
 * Draws windows evenly from all series, those that end in the last fifth of their history apart. Steps ahead must have been seen, the window itself may have
 * been filled.
 */
export function drawWindows(series: readonly NetworkSeries[], most: { readonly training: number; readonly heldOut: number }, random: RandomStream): { training: WindowSet; heldOut: WindowSet } {
  const early: [NetworkSeries, number][] = [];
  const late: [NetworkSeries, number][] = [];
  const share = (count: number) => Math.max(4, Math.ceil(count / Math.max(1, series.length)));
  for (const one of series) {
    const length = one.filled.values.length;
    const cut = Math.floor(length * (1 - HELD_OUT_SHARE));
    const ends = (from: number, to: number) => drawEnds(one, from, to, share(to === length ? most.heldOut : most.training), random);
    for (const end of ends(WINDOW, cut)) early.push([one, end]);
    for (const end of ends(Math.max(WINDOW, cut), length)) late.push([one, end]);
  }
  return { training: layOut(early), heldOut: layOut(late) };
}

/** Up to `count` ends of windows, spread over `from..to` with a seeded start, whose steps ahead lie before `to` and were seen. */
function drawEnds({ filled: { observed }, deviation }: NetworkSeries, from: number, to: number, count: number, random: RandomStream): number[] {
  const last = to - AHEAD;
  if (deviation === 0 || last < from) return [];
  const stride = Math.max(1, (last - from + 1) / count);
  const start = from + random() * (stride - 1);
  const ends: number[] = [];
  for (let end = Math.floor(start), k = 1; end <= last; end = Math.floor(start + stride * k++)) {
    if (observed.subarray(end, end + AHEAD).every((seen) => seen === 1)) ends.push(end);
  }
  return ends;
}

function layOut(places: readonly (readonly [NetworkSeries, number])[]): WindowSet {
  const width = PATCHES * CHANNELS;
  const inputs = new Float32Array(places.length * width);
  const targets = new Float32Array(places.length * AHEAD);
  places.forEach(([{ filled: { values }, startAtMs, stepMs, deviation }, end], w) => {
    const window = values.subarray(end - WINDOW, end);
    const scale = scaleOfWindow(window, deviation);
    writeInput(inputs, w * width, window, scale, startAtMs + (end - WINDOW) * stepMs, stepMs);
    for (let h = 0; h < AHEAD; h++) {
      const target = ((values[end + h] as number) - scale.origin) / scale.unit;
      targets[w * AHEAD + h] = Math.min(LARGEST_TARGET, Math.max(-LARGEST_TARGET, target));
    }
  });
  return { count: places.length, inputs, targets };
}
