/**
 * On-Demand Linux prices in us-east-1, USD per hour of the `large` size, as published on the EC2 pricing page; approximate
 * and dated: only for types of which the Pricing API gives no price. Sizes of a family are priced in proportion to their vCPUs.
 */
export const PRICE_SNAPSHOT_DATE = '2025-06-01';

const LARGE_USD_PER_HOUR: Readonly<Record<string, number>> = {
  m5: 0.096,
  m6i: 0.096,
  m6a: 0.0864,
  m6g: 0.077,
  m7i: 0.1008,
  m7a: 0.11592,
  m7g: 0.0816,
  c5: 0.085,
  c6i: 0.085,
  c6a: 0.0765,
  c6g: 0.068,
  c7i: 0.08925,
  c7a: 0.10264,
  c7g: 0.0725,
  r5: 0.126,
  r6i: 0.126,
  r6a: 0.1134,
  r6g: 0.1008,
  r7i: 0.1323,
  r7g: 0.1071,
  t3: 0.0832,
  t3a: 0.0752,
  t4g: 0.0672,
  t2: 0.0928,
  m4: 0.1,
  c4: 0.1,
  r4: 0.133,
  m5a: 0.086,
  m5d: 0.113,
  m5n: 0.119,
  c5a: 0.077,
  c5d: 0.096,
  c5n: 0.108,
  r5a: 0.113,
  r5b: 0.149,
  r5d: 0.144,
  r5n: 0.149,
  m6id: 0.11865,
  m6in: 0.13923,
  m6gd: 0.0904,
  c6id: 0.1008,
  c6in: 0.1134,
  c6gd: 0.0768,
  c6gn: 0.0864,
  r6id: 0.1512,
  r6in: 0.17433,
  r6gd: 0.1152,
  'm7i-flex': 0.09576,
  'c7i-flex': 0.08479,
  r7a: 0.15215,
  m8g: 0.08976,
  c8g: 0.07976,
  r8g: 0.11782,
  i3: 0.156,
  i3en: 0.226,
  i4i: 0.172,
  x2gd: 0.167,
  z1d: 0.186,
};

/** How many `large` a size is. */
export const LARGES: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  '2xlarge': 4,
  '4xlarge': 8,
  '8xlarge': 16,
  '12xlarge': 24,
  '16xlarge': 32,
  '24xlarge': 48,
  '32xlarge': 64,
  '48xlarge': 96,
};

/** Null for a type that the snapshot does not know. */
export function usdPerHour(instanceType: string): number | null {
  const [family = '', size = ''] = instanceType.split('.');
  const large = LARGE_USD_PER_HOUR[family];
  const count = LARGES[size];
  return large === undefined || count === undefined ? null : large * count;
}

/** Every price that the snapshot has: each family in each size, whether EC2 sells that size or not. */
export function onDemandPrices(): Map<string, number> {
  return new Map(Object.entries(LARGE_USD_PER_HOUR).flatMap(([family, large]) => Object.entries(LARGES).map(([size, count]) => [`${family}.${size}`, large * count] as const)));
}
