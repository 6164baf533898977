/**
 * What T families may use all the time, by size, as a share of each vCPU. DescribeInstanceTypes does not tell it; source: EC2 user guide, "Key concepts and definitions for burstable
 * performance instances", table of baseline utilization.
 */
const T2: Readonly<Record<string, number>> = { nano: 0.05, micro: 0.1, small: 0.2, medium: 0.2, large: 0.3, xlarge: 0.225, '2xlarge': 0.17 };
const T3: Readonly<Record<string, number>> = { nano: 0.05, micro: 0.1, small: 0.2, medium: 0.2, large: 0.3, xlarge: 0.4, '2xlarge': 0.4 };
const BURSTABLE: Readonly<Record<string, Readonly<Record<string, number>>>> = { t2: T2, t3: T3, t3a: T3, t4g: T3 };

/** The lowest baseline that is documented: for a burstable type that came after this table. */
const LOWEST = 0.05;

/** Flex types promise 40 % of their vCPUs at all times and all of them for 95 % of a day (EC2 user guide, "Flex instances"). */
const FLEX = 0.4;

/** The share (0..1) of its vCPUs that a type may use all the time. */
export function cpuBaselineRatio(instanceType: string, burstable: boolean): number {
  const [family = '', size = ''] = instanceType.split('.');
  if (burstable) return BURSTABLE[family]?.[size] ?? LOWEST;
  return family.endsWith('-flex') ? FLEX : 1;
}
