import { z } from 'zod';

/** Options of the gateway process, given as one JSON argument. */
export const gatewayOptionsSchema = z.strictObject({
  /** 0: any free port. */
  port: z.number().int().min(0).max(65_535).default(0),
  motoUrl: z.url(),
  dataDir: z.string().min(1),
  region: z.string().default('us-east-1'),
  accountId: z.string().regex(/^\d{12}$/).default('123456789012'),
  /** First two numbers of the instances' loopback addresses; one per stack. */
  addressPrefix: z.string().regex(/^127\.\d{1,3}$/).default('127.77'),
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
