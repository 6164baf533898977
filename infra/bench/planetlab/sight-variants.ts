import { largestOfSamples } from '../../../src/domain/consolidation/coming-need';
import { FORESHIFT_RULES, forecasting, lastSamples, type SamplesOf } from '../../../src/simulation/planetlab/forecasting-policy';
import type { Policy } from '../../../src/simulation/planetlab/policy';
import { SAMPLES_PER_DAY, type Trace } from '../../../src/simulation/planetlab/read-trace';

/** A row of samples a VM in a trace. */
const STRIDE = SAMPLES_PER_DAY + 1;

/** The policy with another forecast, all else equal: what the forecast is worth. */
export interface SightVariant {
  readonly name: string;
  readonly policyFor: (trace: Trace) => Policy;
}

/** The limits of all variants are scaled by one factor each, so that they come near the same energy and may be compared by service. */
const variant = (name: string, samplesFor: (trace: Trace) => SamplesOf, scale = 1): SightVariant => {
  const { reliefLimitRatio, emptyingLimitRatio, firstLimitRatio } = FORESHIFT_RULES;
  // Above 97 % rounding may load a host beyond what CloudSim lets pass.
  const scaled = (ratio: number): number => Math.min(0.97, ratio * scale);
  const rules = {
    ...FORESHIFT_RULES,
    needOf: largestOfSamples,
    reliefLimitRatio: scaled(reliefLimitRatio),
    emptyingLimitRatio: scaled(emptyingLimitRatio),
    firstLimitRatio: scaled(firstLimitRatio),
  };
  return { name, policyFor: (trace) => forecasting(rules, samplesFor(trace)) };
};

/** Perfect sight of the samples from now on. A VM that asks for nothing at two samples is taken for finished and vanishes. */
const comingSamples =
  (count: number) =>
  ({ useRatio }: Trace): SamplesOf =>
  ({ instant }, vm) => {
    const samples = new Float64Array(count + 1);
    const last = vm * STRIDE + SAMPLES_PER_DAY - 1;
    for (let i = 0; i <= count; i++) {
      const at = Math.min(last, vm * STRIDE + instant + 1 + i);
      if (i > 0 && useRatio[at] === 0 && useRatio[at + 1] === 0) break;
      samples[i] = Math.round(100 * (useRatio[at] as number));
    }
    return samples;
  };

const now = (): SamplesOf => lastSamples(1);
const peaks = (): SamplesOf => lastSamples(31);

export const SIGHT_VARIANTS: readonly SightVariant[] = [
  variant('foreshift-now', now),
  variant('foreshift-now, scaled', now, 0.8),
  variant('foreshift-peakhold', peaks),
  variant('foreshift-peakhold, scaled', peaks, 1.02),
  variant('foreshift-oracle 2 h', comingSamples(24)),
  variant('foreshift-oracle 6 h', comingSamples(72)),
  variant('foreshift-oracle 6 h, scaled', comingSamples(72), 1.1),
];
