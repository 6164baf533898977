import { z } from 'zod';
import type { CallLog } from '../call-log';
import type { Faults } from '../faults';
import { parseControlBody, type ControlRoute } from './control-route';

const common = {
  operation: z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/, 'must look like ec2:RunInstances'),
  match: z.string().optional(),
  times: z.number().int().min(0).default(1),
  skip: z.number().int().min(0).default(0),
};

const faultRule = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('error'),
    code: z.string().min(1),
    status: z.number().int().min(400).max(599).default(400),
    message: z.string().default('Injected by the local cloud'),
  }),
  z.strictObject({ ...common, kind: z.literal('delay'), ms: z.number().min(0) }),
  z.strictObject({ ...common, kind: z.literal('dropBefore') }),
  z.strictObject({ ...common, kind: z.literal('dropAfter') }),
  z.strictObject({ ...common, kind: z.literal('swallow') }),
]);

const sinceQuery = z.object({ since: z.coerce.number().int().min(0).default(0) });

/** Control routes of the gateway itself: health, faults and the log of calls. */
export function gatewayRoutes(faults: Faults, calls: CallLog): ControlRoute[] {
  return [
    { method: 'GET', path: '/_local/health', handler: () => ({ ok: true }) },
    { method: 'GET', path: '/_local/faults', handler: () => ({ faults: faults.list() }) },
    { method: 'POST', path: '/_local/faults', handler: ({ body }) => faults.add(parseControlBody(faultRule, body)) },
    { method: 'DELETE', path: '/_local/faults', handler: () => faults.clear() },
    {
      method: 'GET',
      path: '/_local/calls',
      handler: ({ query }) => ({ calls: calls.since(parseControlBody(sinceQuery, Object.fromEntries(query)).since) }),
    },
  ];
}
