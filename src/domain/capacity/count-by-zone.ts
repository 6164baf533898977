/** How many there are in each zone. */
export function countByZone(all: readonly { readonly zone: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { zone } of all) counts[zone] = (counts[zone] ?? 0) + 1;
  return counts;
}
