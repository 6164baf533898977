import { Hono } from 'hono';
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { atMost } from '../at-most';
import { ConsoleRefusal } from '../console-refusal';
import { jsonOf } from './console-env';
import type { ConsoleEnv } from './console-env';

/** Of a page of history with all its payloads. */
const MOST_BYTES = 16 * 1_048_576;
const { Payloads } = temporal.api.common.v1;

/**
 * A codec server for the Temporal UI (docs.temporal.io/codec-server), so that what is stored encrypted can be read there by who is logged in here. The UI's own origin alone may ask
 * from a browser, with the session's cookie; it decodes and encodes, and changes nothing.
 */
export function codecRoutes(codec: PayloadCodec, uiOrigin: string | null, onlyLoggedIn: MiddlewareHandler<ConsoleEnv>): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  if (uiOrigin !== null) app.use('/codec/*', cors({ origin: uiOrigin, credentials: true, allowMethods: ['POST'], allowHeaders: ['content-type', 'x-namespace', 'authorization'] }));
  app.use('/codec/*', atMost(MOST_BYTES), onlyLoggedIn);
  for (const direction of ['encode', 'decode'] as const) {
    app.post(`/codec/${direction}`, async (c) => {
      const { payloads } = payloadsOf(await jsonOf(c.req));
      const turned = await codec[direction](payloads ?? []).catch((error: unknown) => {
        throw new ConsoleRefusal(400, error instanceof Error ? error.message : String(error));
      });
      return c.json(Payloads.toObject(Payloads.fromObject({ payloads: turned }), { bytes: String }));
    });
  }
  return app;
}

function payloadsOf(body: unknown): temporal.api.common.v1.Payloads {
  if (typeof body !== 'object' || body === null || !('payloads' in body) || !Array.isArray(body.payloads)) throw new ConsoleRefusal(400, 'payloads: expected a list of payloads');
  try {
    return Payloads.fromObject(body);
  } catch {
    // Its own words are the library's, about objects that the sender knows nothing of.
    throw new ConsoleRefusal(400, 'payloads: expected each to be {"metadata": {...}, "data": "..."}, with base64');
  }
}
