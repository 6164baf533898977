import type { ResourceForecast } from '../forecast';

/** What a burstable instance (T family, credit mode `standard`) may still do above its baseline. */
export interface BurstCredits {
  /** CPUCreditBalance: one credit is one vCPU at 100 % for a minute. */
  readonly balance: number;
  /** The use, in percent of all vCPUs, that earns as much as it spends. */
  readonly baselinePercent: number;
}

/**
 * From which step of a CPU forecast on the credits are spent, at the expected use: then the instance does no more than its baseline. Null where they last.
 * Source: EC2 user guide, "Key concepts and definitions for burstable performance instances".
 */
export function throttledFromStep({ balance, baselinePercent }: BurstCredits, { mean, stepMs }: ResourceForecast, vcpus: number): number | null {
  let left = balance;
  for (const [step, percent] of mean.entries()) {
    left -= ((percent - baselinePercent) / 100) * vcpus * (stepMs / 60_000);
    if (left <= 0) return step;
  }
  return null;
}
