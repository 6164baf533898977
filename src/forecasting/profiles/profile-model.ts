import type { KinParts } from './kin-parts';
import type { Width } from './learn-widths';
import type { LoadScale } from './load-scale';
import { COMPONENTS, KNOWN_AFTER_POINTS, OWN_POINTS, PART_ENDS, type HorizonKind } from './profile-settings';

/** Weights and widths that were learned for one kind of horizon and so many own points: `[part of the horizon]`. */
export interface Mixture {
  /** `[part][component]`, summing to 1. */
  readonly weights: readonly (readonly number[])[];
  /** `[part][component]` */
  readonly widths: readonly (readonly Width[])[];
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
  short: [[0.24, 0.57, 0.19, 0, 0], [0, 0, 0.6, 0.1, 0.3], [0, 0, 0.53, 0.04, 0.43], [0, 0, 0.35, 0.04, 0.61], [0, 0, 0.15, 0.03, 0.82]],
  day: [[0.24, 0.57, 0.19, 0, 0], [0.05, 0.05, 0.65, 0.1, 0.15], [0.03, 0.03, 0.6, 0.06, 0.28], [0.02, 0.01, 0.5, 0.05, 0.42], [0.01, 0.01, 0.5, 0.03, 0.45]],
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

function alone({ widths, spreads }: Mixture): Mixture {
  return { widths: widths.map((row) => row.map((): Width => [1, 1])), weights: PART_ENDS.map(() => COMPONENTS.map((_, c) => (c === OWN ? 1 : 0))), spreads: spreads.map((row) => row.map(() => 1)) };
}

function between(a: Mixture, b: Mixture, share: number): Mixture {
  const mix = (x: readonly (readonly number[])[], y: readonly (readonly number[])[]) => x.map((row, p) => row.map((value, i) => value + share * (((y[p] as readonly number[])[i] as number) - value)));
  const widths = a.widths.map((row, p) => row.map((width, c): Width => [0, 1].map((side) => (1 - share) * (width[side] as number) + share * (b.widths[p]?.[c]?.[side] as number)) as unknown as Width));
  return share === 0 ? a : { widths, weights: mix(a.weights, b.weights), spreads: mix(a.spreads, b.spreads) };
}

