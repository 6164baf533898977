/** The account's quotas. */
export interface QuotaPort {
  /** vCPUs of running On-Demand standard instances (A, C, D, H, I, M, R, T, Z), reservations included; null where it cannot be read. */
  standardVcpus(): Promise<{ readonly limitVcpus: number; readonly usedVcpus: number } | null>;
}
