import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { describeIssues } from '../contracts/describe-issues';
import { NOTIFICATION_EVENTS } from '../domain/notifications/notification';

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected the name of an environment variable, such as SLACK_URL: secrets do not stand in this file');
const common = {
  name: z.string().regex(/^[\w.-]{1,60}$/, 'expected 1 to 60 letters, digits, "_", "." or "-"'),
  /** Whoever reads the channel may approve, once, by the link in it. */
  approvalLinks: z.boolean().default(false),
  events: z.array(z.enum(NOTIFICATION_EVENTS)).min(1).default([...NOTIFICATION_EVENTS]),
  /** None: of all. */
  services: z.array(z.string().min(1)).default([]),
};

/** Traces are of what has ended. */
const ENDS = ['done', 'rollback', 'refused', 'needs-operator'] as const;

const channelShape = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('slack'), urlFrom: variable }),
  z.strictObject({ ...common, type: z.literal('webhook'), urlFrom: variable, secretFrom: variable }),
  z.strictObject({ ...common, events: common.events.default([...ENDS]), type: z.literal('otlp'), urlFrom: variable, headersFrom: variable.optional() }),
  z.strictObject({ ...common, type: z.literal('sns'), topicArn: z.string().regex(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/, 'expected the ARN of a topic') }),
  z.strictObject({ ...common, type: z.literal('email'), from: z.email(), to: z.array(z.email()).min(1).max(50) }),
]);

const fileShape = z.strictObject({
  /** Where the console answers, for links. */
  consoleUrl: z.url().optional(),
  channels: z
    .array(channelShape)
    .min(1)
    .max(50)
    .superRefine((channels, context) => {
      const names = channels.map(({ name }) => name);
      for (const [i, name] of names.entries()) if (names.indexOf(name) !== i) context.addIssue({ code: 'custom', path: [i, 'name'], message: `"${name}" is there twice` });
    }),
});

export type Channel = z.infer<typeof channelShape>;
export type ChannelsFile = z.infer<typeof fileShape>;

/** Reads the file of channels (docs/notifications.md). Throws with all that is wrong. */
export function parseChannels(text: string): ChannelsFile {
  const read = fileShape.safeParse(parseYaml(text, { maxAliasCount: 0 }));
  if (!read.success) throw new Error(describeIssues(read.error, 'the file').join('\n'));
  return read.data;
}
