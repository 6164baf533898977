import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { ConsoleRefusal } from '../console-refusal';
import type { ConsolePorts } from '../ports/console-ports';
import { accuracyQuerySchema, auditFilterOf, forecastQuerySchema, migrationQuerySchema, parsed, shapesQuerySchema } from '../request-schemas';
import { atLeast } from './console-env';
import type { ConsoleEnv } from './console-env';

const AUDIT_PAGE = 200;

/** What the pages show. */
export function readRoutes(ports: ConsolePorts): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/api/instances', async (c) => c.json(await ports.readInstances()));
  app.get('/api/instances/:id', async (c) => c.json(await ports.readInstance(c.req.param('id'))));
  app.get('/api/instances/:id/forecast', async (c) => {
    const { metric, horizonMs } = parsed(forecastQuerySchema, c.req.query());
    const id = c.req.param('id');
    return c.json(found(await ports.readForecast(id, metric, horizonMs), `no forecast of ${id} is kept: a tick ("foreshift plan") or a migration makes one`));
  });
  app.get('/api/migrations/:id', async (c) => {
    const { afterSeq } = parsed(migrationQuerySchema, c.req.query());
    const id = c.req.param('id');
    return c.json(found(await ports.readMigration(id, afterSeq), `no migration of ${id} is known`));
  });
  app.get('/api/plans/:id', async (c) => c.json(found(await ports.readPlan(c.req.param('id')), `there is no plan ${c.req.param('id')}`)));
  app.get('/api/queues', async (c) => c.json(await ports.readQueues()));
  app.get('/api/capacity', async (c) => c.json(await ports.readCapacity()));
  app.get('/api/accuracy', async (c) => {
    const { sinceMs, pool, metric } = parsed(accuracyQuerySchema, c.req.query());
    return c.json(await ports.readAccuracy({ sinceMs, ...(pool === undefined ? {} : { pool }), ...(metric === undefined ? {} : { metric }) }));
  });
  app.get('/api/profiles', async (c) => c.json(await ports.readProfiles()));
  // Asks CloudWatch for weeks of every instance, which costs money: no viewer does.
  app.get('/api/shapes', atLeast('operator'), async (c) => c.json(await ports.suggestShapes(parsed(shapesQuerySchema, c.req.query()).fleet)));
  app.get('/api/audit', async (c) => c.json(await ports.searchAudit({ ...auditFilterOf(c.req.query()), limit: AUDIT_PAGE })));
  app.get('/api/audit/verify', async (c) => c.json(await ports.verifyAudit()));
  app.get('/api/audit/export', (c) => {
    const filter = auditFilterOf(c.req.query());
    c.header('content-type', 'application/x-ndjson');
    c.header('content-disposition', 'attachment; filename="audit.jsonl"');
    return stream(c, async (out) => {
      for await (const record of ports.exportAudit(filter)) {
        if (out.aborted) return;
        await out.write(`${JSON.stringify(record)}\n`);
      }
    });
  });
  return app;
}

function found<T>(value: T | null, otherwise: string): T {
  if (value === null) throw new ConsoleRefusal(404, otherwise);
  return value;
}
