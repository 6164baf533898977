import { Hono } from 'hono';
import type { ConsolePorts } from '../ports/console-ports';
import { hashSchema, parsed, reasonSchema } from '../request-schemas';
import { atLeast, jsonOf } from './console-env';
import type { ConsoleEnv } from './console-env';

/** What changes something, under the name of who is logged in. */
export function actRoutes(ports: ConsolePorts): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.post('/api/migrations/:id/abort', atLeast('operator'), async (c) => {
    const { reason } = parsed(reasonSchema, await jsonOf(c.req));
    return c.json({ said: await ports.abortMigration(c.req.param('id'), { reason, by: c.get('session').name }) });
  });
  app.post('/api/migrations/:id/approve', atLeast('approver'), async (c) => {
    const { planHash } = parsed(hashSchema, await jsonOf(c.req));
    return c.json({ said: await ports.approveMigration(c.req.param('id'), { planHash, by: c.get('session').name }) });
  });
  app.post('/api/plans/:id/approve', atLeast('approver'), async (c) => {
    const { planHash } = parsed(hashSchema, await jsonOf(c.req));
    return c.json({ said: await ports.approvePlan(c.req.param('id'), { planHash, by: c.get('session').name }) });
  });
  app.post('/api/plans/:id/decline', atLeast('approver'), async (c) => {
    const { reason } = parsed(reasonSchema, await jsonOf(c.req));
    return c.json({ said: await ports.declinePlan(c.req.param('id'), { reason, by: c.get('session').name }) });
  });
  return app;
}
