import type { CatalogueShape } from './catalogue-shape';
import type { ShapeDemand } from './shape-demand';

/** What was observed of one instance, in units that do not depend on its shape. */
export interface DemandPattern {
  readonly id: string;
  readonly present: CatalogueShape;
  /** The 0.99 quantile and the mean of what was measured. */
  readonly demand: ShapeDemand;
  readonly peakIops: number;
  /** Mean CPU of each hour of the day (UTC) over the peak, 24 ratios; of an hour without a value, the mean of all. */
  readonly hours: readonly number[];
  /** What was not measured, so that the present shape's whole counts as needed. */
  readonly unmeasured: readonly string[];
}

/** The least demand that holds every pattern of a group. */
export function envelopeOf(patterns: readonly DemandPattern[]): ShapeDemand {
  const highest = (when: 'peak' | 'average', resource: 'vcpus' | 'memoryMiB' | 'networkGbps' | 'ebsMbps'): number => Math.max(...patterns.map(({ demand }) => demand[when][resource] ?? 0));
  const all = (when: 'peak' | 'average') => ({ vcpus: highest(when, 'vcpus'), memoryMiB: highest(when, 'memoryMiB'), networkGbps: highest(when, 'networkGbps'), ebsMbps: highest(when, 'ebsMbps') });
  return { peak: all('peak'), average: all('average') };
}
