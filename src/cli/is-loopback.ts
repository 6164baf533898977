/** Whether an IP address is of this machine alone. */
export function isLoopback(address: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1)$/.test(address);
}
