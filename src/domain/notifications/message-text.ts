import type { Notification } from './notification';

/** Everything that a reader needs, in plain lines. */
export function messageText({ title, text, command, service, workflowId, atMs }: Notification, link: string | null): string {
  return [
    title,
    ...(text === '' ? [] : [text]),
    ...(command === null ? [] : [`next: ${command}`]),
    ...(link === null ? [] : [link]),
    `${service === null ? '' : `${service}, `}${workflowId}, ${new Date(atMs).toISOString()}`,
  ].join('\n');
}
