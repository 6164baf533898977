/** What an instance type offers and costs. */
export interface Shape {
  readonly name: string;
  readonly family: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly networkGbps: number;
  readonly architecture: string;
  readonly usdPerHour: number;
}

/** A shape without what more is known of it, as it crosses a boundary: hundreds of them must fit into one payload. */
export function plainShape({ name, family, vcpus, memoryMiB, networkGbps, architecture, usdPerHour }: Shape): Shape {
  return { name, family, vcpus, memoryMiB, networkGbps, architecture, usdPerHour };
}

/** `m7i.large` -> `m7i`. */
export function familyOf(shapeName: string): string {
  return shapeName.split('.')[0] ?? shapeName;
}
