import { z } from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'expected lower-case letters, digits and "-", 2 to 31 characters');
const secret = z.string().regex(/^[\w/+=.@-]{1,256}$/, 'expected the name of a secret in Secrets Manager');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as us-east-1');
const size = z.strictObject({ least: z.int().min(1).max(50).default(2), most: z.int().min(1).max(200).default(10), cpu: z.literal([512, 1_024, 2_048, 4_096]).default(2_048), memoryMiB: z.int().min(1_024).max(30_720).default(4_096) }).refine(({ least, most }) => most >= least, { path: ['most'], message: 'expected at least as many as least' });

const SETTINGS = z.strictObject({
  /** Of the stack and what it creates; queues begin with it, and `foreshift-` is what the triggers' policy lets them read. */
  name: name.refine((text) => text.startsWith('foreshift'), 'expected a name that begins with "foreshift": the policies name queues so').default('foreshift'),
  account: z.string().regex(/^\d{12}$/, 'expected an account id of twelve digits'),
  region,
  /** The image that the Dockerfile builds, in ECR, by its digest or tag. */
  image: z.strictObject({ repository: z.string().min(2).max(256), tag: z.string().regex(/^(sha256:[0-9a-f]{64}|[\w][\w.-]{0,127})$/, 'expected a tag or a digest') }),
  /** Which version the workers are, to Temporal (docs/upgrades.md). With it moves stay with their version, whose workers a new deployment of this stack ends. */
  buildId: z.string().regex(/^[\w-][\w.-]{0,99}$/, 'expected letters, digits, ".", "-" and "_"').optional(),
  temporal: z.strictObject({
    address: z.string().regex(/^[\w.-]+:\d{1,5}$/, 'expected host:port, such as moves.a1b2c.tmprl.cloud:7233'),
    namespace: z.string().min(1).max(255),
    /** Secret with Temporal Cloud's API key; without it the server is one of one's own, in this network. */
    apiKeySecret: secret.optional(),
  }),
  /** Secrets with PEM or JSON: what signs the audit, what the workers speak by, who may speak to workflows (docs/security.md). */
  secrets: z.strictObject({ auditKey: secret.optional(), actorKey: secret.optional(), actors: secret.optional() }).prefault({}),
  otherRegions: z.array(region).max(20).default([]),
  workers: size.prefault({}),
  database: z.strictObject({ instanceType: z.string().regex(/^[a-z0-9]+\.[a-z0-9]+$/, 'expected such as m7g.large').default('m7g.large'), storageGiB: z.int().min(20).max(16_384).default(100), backupDays: z.int().min(1).max(35).default(35) }).prefault({}),
  /** Rules of `foreshift triggers serve`, as a file beside this one; without them no alarm starts anything. */
  triggerRules: z.string().min(1).optional(),
  /** Who is told of alarms. */
  alarmEmail: z.email('expected an e-mail address').optional(),
});

export type DeploymentSettings = z.infer<typeof SETTINGS>;

/** What one file says of a deployment. @throws Error that names each field and what was expected */
export function readSettings(value: unknown): DeploymentSettings {
  const parsed = SETTINGS.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.length === 0 ? 'the settings' : path.join('.')}: ${message}`).join('\n'));
}
