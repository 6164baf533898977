import type { FleetMode } from '../fleet-plan/plan-modes';
import type { AutonomyRecord } from './autonomy-record';
import type { AutonomyThresholds } from './autonomy-thresholds';
import { daysOf, secondsOf, shareOfMoves, rounded } from './figures';

interface Condition {
  readonly isMet: boolean;
  /** The number and its bound. */
  readonly sentence: string;
}

/** What a rise asks for, within the tighter bounds, apart into what is there and what is not. Ceilings are looked at elsewhere. */
export function whyNotYet(record: AutonomyRecord, next: FleetMode, thresholds: AutonomyThresholds): { readonly met: string[]; readonly missing: string[] } {
  const conditions = [...ofForecasts(record, thresholds), ...ofMoves(record, next, thresholds), ...(next === 'propose' ? [] : ofDrill(record, thresholds))];
  const of = (isMet: boolean): string[] => conditions.filter((one) => one.isMet === isMet).map(({ sentence }) => sentence);
  return { met: of(true), missing: of(false) };
}

function ofForecasts({ sinceChange: { forecasts, relativeLoss, covered90 }, sinceMs, nowMs }: AutonomyRecord, { leastForecasts, leastDwellMs, relativeLoss: [mostLoss], covered90: { rise } }: AutonomyThresholds): Condition[] {
  return [
    ...(sinceMs > 0 ? [{ isMet: nowMs - sinceMs >= leastDwellMs, sentence: `its mode is ${daysOf(nowMs - sinceMs)} old, needed are ${daysOf(leastDwellMs)}` }] : []),
    { isMet: forecasts >= leastForecasts, sentence: `${forecasts} forecasts were scored since the last change, needed are ${leastForecasts}` },
    { isMet: relativeLoss !== null && relativeLoss <= mostLoss, sentence: `the loss of forecasts is ${relativeLoss === null ? 'unknown' : `${rounded(relativeLoss)} of the naive one's`}, needed is ${rounded(mostLoss)} at most` },
    {
      isMet: covered90 !== null && covered90 >= rise[0] && covered90 <= rise[1],
      sentence: `90 % intervals covered ${covered90 === null ? 'an unknown share' : `${rounded(covered90 * 100)} %`}, needed are ${rounded(rise[0] * 100)} to ${rounded(rise[1] * 100)} %`,
    },
  ];
}

function ofMoves({ moves }: AutonomyRecord, next: FleetMode, { leastMoves, rollbackShare: [mostShare], shareOf }: AutonomyThresholds): Condition[] {
  const ended = moves.completed + moves.rolledBack;
  const needed = next === 'observe' ? 0 : leastMoves[next];
  const share = shareOfMoves(moves, shareOf);
  return needed === 0
    ? []
    : [
        { isMet: ended >= needed, sentence: `${ended} moves ended since the last change or incident, needed are ${needed}` },
        { isMet: share <= mostShare, sentence: `${rounded(share * 100)} % of moves went back, needed are ${rounded(mostShare * 100)} % at most` },
      ];
}

/** That there is one which did not fail is a matter of ceilings. */
function ofDrill({ drill, nowMs }: AutonomyRecord, { drillAgeMs: [oldestMs], timeToSafeMs: [longestMs] }: AutonomyThresholds): Condition[] {
  if (drill?.timeToSafeMs == null) return [];
  return [
    { isMet: nowMs - drill.atMs <= oldestMs, sentence: `the last drill is ${daysOf(nowMs - drill.atMs)} old, needed are ${daysOf(oldestMs)} at most` },
    { isMet: drill.timeToSafeMs <= longestMs, sentence: `the way back took ${secondsOf(drill.timeToSafeMs)} in the last drill, needed are ${secondsOf(longestMs)} at most` },
  ];
}
