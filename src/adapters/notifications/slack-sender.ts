import { messageText } from '../../domain/notifications/message-text';
import type { Notification } from '../../domain/notifications/notification';
import type { LinkOf, Sender } from '../../notifications/ports';
import { postJson } from './post-json';

const MARKS: Readonly<Record<Notification['event'], string>> = {
  plan: ':memo:',
  'approval-wanted': ':raised_hand:',
  hold: ':pause_button:',
  rollback: ':rewind:',
  done: ':white_check_mark:',
  refused: ':no_entry_sign:',
  'needs-operator': ':rotating_light:',
  mode: ':balance_scale:',
};

/** An incoming webhook of Slack, or of what speaks the same (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export function createSlackSender(url: string, linkOf: LinkOf): Sender {
  return {
    async send(notification) {
      const [title = '', ...rest] = messageText(notification, await linkOf(notification)).split('\n').map(escapeForSlack);
      await postJson(url, JSON.stringify({ text: [`${MARKS[notification.event]} *${title}*`, ...rest].join('\n') }));
    },
  };
}

// The three that have a meaning in Slack's text.
function escapeForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
