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

/** `m7i.large` -> `m7i`. */
export function familyOf(shapeName: string): string {
  return shapeName.split('.')[0] ?? shapeName;
}
