import type { Notification } from '../domain/notifications/notification';
import type { ApprovalLinks } from './ports';

/** The console's page of an instance's migration (src/console/web): its pages are told apart behind the hash. */
export function migrationLink(consoleUrl: string, instanceId: string): string {
  return new URL(`#/migration/${instanceId}`, consoleUrl).href;
}

/** The console's page where what is wanted is approved by this secret, which no server sees in an address. */
function approvalLink(consoleUrl: string, secret: string): string {
  return new URL(`#approve=${secret}`, consoleUrl).href;
}

/** Where news lead. @param links null where a channel's readers are not trusted to approve */
export async function linkTo({ instanceId, approval }: Notification, consoleUrl: string | undefined, channel: string, links: ApprovalLinks | null): Promise<string | null> {
  if (consoleUrl === undefined) return null;
  if (approval !== undefined && links !== null) return approvalLink(consoleUrl, await links.issue(approval, channel));
  return instanceId === null ? null : migrationLink(consoleUrl, instanceId);
}
