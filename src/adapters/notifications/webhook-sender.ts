import { createHmac } from 'node:crypto';
import type { LinkOf, Sender } from '../../notifications/ports';
import { postJson } from './post-json';

/**
 * Posts news as JSON. `x-foreshift-signature: t=<seconds>,v1=<hex>` carries the HMAC-SHA-256 over "<seconds>.<body>" by the common secret: whoever checks it, and that the time is
 * not long gone, knows who sent it. The same news has the same `idempotency-key`.
 */
export function createWebhookSender(url: string, secret: string, linkOf: LinkOf, now: () => number): Sender {
  return {
    async send(notification) {
      const body = JSON.stringify({ ...notification, link: await linkOf(notification) });
      const seconds = Math.floor(now() / 1_000);
      const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
      await postJson(url, body, { 'x-foreshift-signature': `t=${seconds},v1=${signature}`, 'idempotency-key': notification.key });
    },
  };
}
