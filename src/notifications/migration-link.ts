/** The console's page of an instance's migration (src/console/web): its pages are told apart behind the hash. */
export function migrationLink(consoleUrl: string, instanceId: string): string {
  return new URL(`#/migration/${instanceId}`, consoleUrl).href;
}
