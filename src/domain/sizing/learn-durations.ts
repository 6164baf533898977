import type { MigrationPhase } from '../migration-phase';
import type { MoveDurations } from './move-estimate';

/** The phases of a move that was completed. */
export interface PastMove {
  readonly phases: readonly { readonly phase: string; readonly startedAtMs: number; readonly endedAtMs?: number }[];
}

/** Which phases of the saga make up each part of a move. */
const PARTS: Readonly<Record<keyof MoveDurations, readonly MigrationPhase[]>> = {
  launchMs: ['reserve', 'shadow'],
  syncMs: ['sync', 'verify'],
  rampMs: ['ramp'],
  bakeMs: ['bake', 'drain', 'retire', 'release'],
};

/** Fewer measured moves than these say nothing about a high quantile. */
const FEWEST_MEASURED = 8;

/** What each part of a move takes, in ms: the nearest-rank quantile of past moves; the estimate where fewer than 8 were completed. */
export function learnDurations(moves: readonly PastMove[], estimate: MoveDurations, quantile: number): MoveDurations {
  if (moves.length < FEWEST_MEASURED) return estimate;
  const learned = (part: keyof MoveDurations): number => quantileOf(moves.map((move) => partMs(move, PARTS[part])), quantile);
  return { launchMs: learned('launchMs'), syncMs: learned('syncMs'), rampMs: learned('rampMs'), bakeMs: learned('bakeMs') };
}

function partMs({ phases }: PastMove, part: readonly string[]): number {
  return phases.filter(({ phase }) => part.includes(phase)).reduce((sum, { startedAtMs, endedAtMs }) => sum + ((endedAtMs ?? startedAtMs) - startedAtMs), 0);
}

function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(quantile * sorted.length) - 1))] as number;
}
