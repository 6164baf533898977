import { dayCourseOf } from './day-course';
import { fitHmm } from './hmm/fit-hmm';
import { dayPartsOf, type HmmParameters } from './hmm/hmm-parameters';
import { kinBandsOf, type KinBands } from './kin-bands';
import { fitKinRegressions, type KinRegression } from './kin-regression';
import type { KinSeries } from './kin-series';
import { DAY_PARTS, OWN_POINTS, STATE_COUNTS } from './profile-settings';

/** What a group of kin has in common: what the components of a forecast are made from. */
export interface KinParts {
  /** `[place of the day]` */
  readonly course: Float64Array;
  readonly bands: KinBands;
  /** `[entry of OWN_POINTS][knot]` */
  readonly regressions: readonly (readonly KinRegression[])[];
  readonly hmm: HmmParameters;
}

export interface KinPartsOptions {
  readonly seed: number;
  /** How many states there are; left out: chosen by how likely kin held out are. */
  readonly states?: number;
  /** Where the states begin: those of an earlier fit. */
  readonly start?: HmmParameters;
}

/** Values that states are learned from, at most: the latest of each kin. */
const MOST_STATE_VALUES = 24_000;

export function learnKinParts(kin: readonly KinSeries[], { seed, states, start }: KinPartsOptions): KinParts {
  const course = dayCourseOf(kin);
  const each = Math.max(1, Math.floor(MOST_STATE_VALUES / kin.length));
  const sequences = kin.map(({ scaled, startAtMs, stepMs }) => {
    const values = scaled.subarray(-each);
    return { values, parts: dayPartsOf(startAtMs + (scaled.length - values.length) * stepMs, stepMs, values.length, DAY_PARTS) };
  });
  const { fit } = fitHmm(sequences, { stateCounts: states === undefined ? STATE_COUNTS : [states], dayParts: DAY_PARTS, restarts: 1, seed, ...(start === undefined ? {} : { start }) });
  return { course, bands: kinBandsOf(kin), regressions: OWN_POINTS.map((points) => fitKinRegressions(kin, points, course)), hmm: withSteadyBeginning(fit.hmm) };
}

/** A workload without history stands in any state as often as kin do; where kin's own records began says nothing of that. */
function withSteadyBeginning(hmm: HmmParameters): HmmParameters {
  const { states, dayParts, transitions } = hmm;
  let shares = new Float64Array(states).fill(1 / states);
  for (let round = 0; round < 400; round++) {
    for (let p = 0; p < dayParts; p++) {
      const row = p * states * states;
      shares = shares.map((_, j) => {
        let sum = 0;
        for (let i = 0; i < states; i++) sum += (shares[i] as number) * (transitions[row + i * states + j] as number);
        return sum;
      });
    }
  }
  return { ...hmm, initial: shares };
}
