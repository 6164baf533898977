import type { Shape } from '../../domain/shape';

/** The cheapest shape that takes a demand in vCPUs at no more than the given utilization; the largest where none does. Expects at least one shape. */
export function smallestShape(shapes: readonly Shape[], demandVcpus: number, utilizationPercent: number): Shape {
  const rising = shapes.toSorted((a, b) => a.vcpus - b.vcpus || a.usdPerHour - b.usdPerHour);
  return rising.find(({ vcpus }) => demandVcpus <= (vcpus * utilizationPercent) / 100) ?? (rising.at(-1) as Shape);
}
