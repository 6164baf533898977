import type { CatalogueShape } from './catalogue-shape';
import { incompatibility } from './incompatibility';
import { needsOf } from './instance-needs';

/** Shapes on which an instance of a shape can run as it is, without losing the share of its vCPUs that it may use all the time; itself among them. */
export function replacementsOf(source: CatalogueShape, catalogue: readonly CatalogueShape[]): CatalogueShape[] {
  const needs = needsOf(source);
  return catalogue.filter((shape) => shape.cpuBaselineRatio >= source.cpuBaselineRatio && incompatibility(needs, shape) === null);
}
