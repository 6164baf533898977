import type { KinParts } from './kin-parts';
import type { LoadScale } from './load-scale';
import { COMPONENTS, KNOWN_AFTER_POINTS, OWN_POINTS, PART_ENDS, type HorizonKind } from './profile-settings';

/** Weights and widths that were learned for one kind of horizon and so many own points: `[part of the horizon]`. */
export interface Mixture {
  /** `[part][component]`, summing to 1. */
  readonly weights: readonly (readonly number[])[];
  /** `[part][level]` */
  readonly spreads: readonly (readonly number[])[];
}

/** All that forecasts from a profile are made of. */
export interface ProfileModel {
  readonly stepMs: number;
  readonly scale: LoadScale;
  readonly parts: KinParts;
  /** `[entry of OWN_POINTS]` of each kind of horizon. */
  readonly mixtures: Readonly<Record<HorizonKind, readonly Mixture[]>>;
}

/** What a mixture of so many own points is taken for where nothing was learned: found on other groups of kin. */
export const PRIOR_WEIGHTS: Readonly<Record<HorizonKind, readonly (readonly number[])[]>> = {
  short: [[0.4, 0.3, 0.3, 0, 0], [0, 0, 0.6, 0.1, 0.3], [0, 0, 0.55, 0.05, 0.4], [0, 0, 0.4, 0.05, 0.55], [0, 0, 0.25, 0.05, 0.7]],
  day: [[0.4, 0.3, 0.3, 0, 0], [0.05, 0.05, 0.7, 0.15, 0.05], [0.05, 0.05, 0.7, 0.1, 0.1], [0.03, 0.02, 0.7, 0.1, 0.15], [0, 0, 0.6, 0.05, 0.35]],
};

const OWN = COMPONENTS.indexOf('own');

/** The mixture for any number of own points, interpolated between those that were learned; beyond `KNOWN_AFTER_POINTS` the own history stands alone. */
export function mixtureFor({ mixtures }: ProfileModel, kind: HorizonKind, points: number): Mixture {
  const learned = mixtures[kind];
  const last = OWN_POINTS.length - 1;
  const below = OWN_POINTS.findLastIndex((least) => least <= points);
  const [from, to] = [OWN_POINTS[below] as number, below === last ? KNOWN_AFTER_POINTS : (OWN_POINTS[below + 1] as number)];
  const share = Math.min(1, (Math.log1p(points) - Math.log1p(from)) / (Math.log1p(to) - Math.log1p(from)));
  return between(learned[below] as Mixture, below === last ? alone(learned[last] as Mixture) : (learned[below + 1] as Mixture), share);
}

function alone({ spreads }: Mixture): Mixture {
  return { weights: PART_ENDS.map(() => COMPONENTS.map((_, c) => (c === OWN ? 1 : 0))), spreads: spreads.map((row) => row.map(() => 1)) };
}

function between(a: Mixture, b: Mixture, share: number): Mixture {
  const mix = (x: readonly (readonly number[])[], y: readonly (readonly number[])[]) => x.map((row, p) => row.map((value, i) => value + share * (((y[p] as readonly number[])[i] as number) - value)));
  return share === 0 ? a : { weights: mix(a.weights, b.weights), spreads: mix(a.spreads, b.spreads) };
}

