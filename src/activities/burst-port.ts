import type { BurstCredits } from '../domain/sizing/burst-credits';

/** CPU credits of burstable instances. */
export interface BurstPort {
  /** By instance; those that have none, or buy what they need (`unlimited`), or of which no balance is known, are left out. */
  creditsOf(instances: readonly { readonly instanceId: string; readonly shape: string }[], nowMs: number): Promise<ReadonlyMap<string, BurstCredits>>;
}
