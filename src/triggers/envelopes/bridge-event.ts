import { z } from 'zod';
import { awsTime } from './times';

/** What EventBridge puts around every event. */
export const bridgeEventShape = z.object({
  id: z.string().min(1).max(100),
  'detail-type': z.string().min(1).max(200),
  source: z.string().min(1).max(200),
  account: z.string().regex(/^\d{12}$/),
  time: awsTime,
  region: z.string().regex(/^[a-z0-9-]{1,30}$/),
  resources: z.array(z.string().max(2_048)).max(1_000).default([]),
  detail: z.record(z.string(), z.unknown()),
});

export type BridgeEvent = z.infer<typeof bridgeEventShape>;
