import type { Shape } from '../shape';

export const TIERS = ['micro', 'small', 'medium', 'large', 'xl'] as const;

/** A size that means the same in every family. */
export type Tier = (typeof TIERS)[number];

/** The most that a shape of a tier has; what has more belongs to the next. */
const BOUNDS: readonly { readonly tier: Tier; readonly vcpus: number; readonly memoryMiB: number }[] = [
  { tier: 'micro', vcpus: 2, memoryMiB: 2048 },
  { tier: 'small', vcpus: 2, memoryMiB: 8192 },
  { tier: 'medium', vcpus: 4, memoryMiB: 16_384 },
  { tier: 'large', vcpus: 8, memoryMiB: 65_536 },
];

/** The lowest tier that a shape does not exceed in vCPUs or memory. */
export function tierOf({ vcpus, memoryMiB }: Pick<Shape, 'vcpus' | 'memoryMiB'>): Tier {
  return BOUNDS.find((bound) => vcpus <= bound.vcpus && memoryMiB <= bound.memoryMiB)?.tier ?? 'xl';
}
