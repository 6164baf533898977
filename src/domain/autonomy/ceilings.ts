import { FLEET_MODES, type FleetMode } from '../fleet-plan/plan-modes';
import { SERVICE_TAGS, UNKNOWN_SERVICE } from '../service-of';
import type { AutonomyRecord } from './autonomy-record';
import type { AutonomyThresholds } from './autonomy-thresholds';
import { daysOf, secondsOf, shareOfMoves, rounded } from './figures';

/** A mode that the pool may not be above. */
export interface Ceiling {
  readonly mode: FleetMode;
  readonly why: string;
}

/** Everything that keeps a pool from a higher mode, whatever else speaks for it. */
export function ceilingsOf(record: AutonomyRecord, thresholds: AutonomyThresholds): Ceiling[] {
  const { cap, pool } = record;
  return [
    ...ofForecasts(record, thresholds).map((why): Ceiling => ({ mode: 'observe', why })),
    ...[...ofMoves(record, thresholds), ...ofDrill(record, thresholds)].map((why): Ceiling => ({ mode: 'propose', why })),
    // One instance's record would speak for another's.
    ...(pool === UNKNOWN_SERVICE ? [{ mode: 'propose' as const, why: `its instances have no tag ${SERVICE_TAGS[0]}, so that nobody knows what belongs together` }] : []),
    ...(cap === null ? [] : [{ mode: cap.mode, why: `an operator capped it: ${cap.reason}` }]),
  ];
}

/** Proposals that rest on forecasts which are no good are no help either. */
function ofForecasts({ lately: { forecasts, relativeLoss, covered90 } }: AutonomyRecord, { leastForecasts, relativeLoss: [, mostLoss], covered90: { keep } }: AutonomyThresholds): string[] {
  if (forecasts < leastForecasts) return [];
  return [
    ...(relativeLoss !== null && relativeLoss > mostLoss ? [`the loss of forecasts is ${rounded(relativeLoss)} of the naive one's, allowed are ${rounded(mostLoss)}`] : []),
    ...(covered90 !== null && (covered90 < keep[0] || covered90 > keep[1]) ? [`90 % intervals covered ${rounded(covered90 * 100)} %, allowed are ${rounded(keep[0] * 100)} to ${rounded(keep[1] * 100)} %`] : []),
  ];
}

function ofMoves({ mode, incidents, moves }: AutonomyRecord, { rollbackShare: [, mostShare], shareOf }: AutonomyThresholds): string[] {
  const share = shareOfMoves(moves, shareOf);
  return [
    // At a mode in which people decide they only begin the count of moves anew.
    ...(FLEET_MODES.indexOf(mode) > FLEET_MODES.indexOf('propose') ? incidents : []),
    ...(share > mostShare ? [`${moves.rolledBack} of ${moves.completed + moves.rolledBack} moves went back (${rounded(share * 100)} %), allowed are ${rounded(mostShare * 100)} %`] : []),
  ];
}

function ofDrill({ drill, nowMs }: AutonomyRecord, { drillAgeMs: [, oldestMs], timeToSafeMs: [, longestMs] }: AutonomyThresholds): string[] {
  if (drill === null) return ['no drill of the way back is on record'];
  if (!drill.passed || drill.timeToSafeMs === null) return [`the drill of ${new Date(drill.atMs).toISOString()} failed`];
  const ageMs = nowMs - drill.atMs;
  return [
    ...(ageMs > oldestMs ? [`the last drill is ${daysOf(ageMs)} old, allowed are ${daysOf(oldestMs)}`] : []),
    ...(drill.timeToSafeMs > longestMs ? [`the way back took ${secondsOf(drill.timeToSafeMs)} in the last drill, allowed are ${secondsOf(longestMs)}`] : []),
  ];
}
