import { Hono } from 'hono';
import type { ApprovalPorts } from '../ports/console-ports';
import { parsed, secretSchema } from '../request-schemas';
import { jsonOf } from './console-env';
import type { ConsoleEnv } from './console-env';

/** Approvals by a link, open to whoever holds its secret; it stands in the body, so that no log of addresses has it, and nothing happens that only looks. */
export function approvalRoutes(ports: ApprovalPorts): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.post('/api/approval/look', async (c) => c.json(await ports.lookAtApproval(parsed(secretSchema, await jsonOf(c.req)).secret)));
  app.post('/api/approval/approve', async (c) => c.json({ said: await ports.approveByLink(parsed(secretSchema, await jsonOf(c.req)).secret) }));
  return app;
}
