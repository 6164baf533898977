import { z } from 'zod';

/** A region: an endpoint, instances and balancers of its own. */
const regionSchema = z.strictObject({
  name: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  /** 0: any free port. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** First two numbers of the instances' loopback addresses; one per stack and region. */
  addressPrefix: z.string().regex(/^127\.\d{1,3}$/),
});

/** Options of the gateway process, given as one JSON argument. */
export const gatewayOptionsSchema = z.strictObject({
  regions: z.array(regionSchema).min(1),
  motoUrl: z.url(),
  /** Each region has a folder of its own in it. */
  dataDir: z.string().min(1),
  accountId: z.string().regex(/^\d{12}$/).default('123456789012'),
  envoyPath: z.string().optional(),
  /** Search path of the instances' programs. */
  searchPath: z.string().optional(),
  publishEveryMs: z.number().int().positive().optional(),
  coresPerInstance: z.number().positive().optional(),
  memoryBytes: z.number().int().positive().optional(),
  terminatedVisibleMs: z.number().min(0).optional(),
  delays: z.record(z.string(), z.number().min(0)).default({}),
});

export type GatewayProcessOptions = z.infer<typeof gatewayOptionsSchema>;
export type RegionOptions = z.infer<typeof regionSchema>;
