import type { Shape } from '../../domain/shape';

/** The cheapest shape that takes a demand in vCPUs at no more than the given utilization; the largest where none does. Expects at least one shape, in rising order. */
export function smallestShape(shapes: readonly Shape[], demandVcpus: number, utilizationPercent: number): Shape {
  return shapes.find(({ vcpus }) => demandVcpus <= (vcpus * utilizationPercent) / 100) ?? (shapes.at(-1) as Shape);
}
