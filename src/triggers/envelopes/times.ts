import { z } from 'zod';

/** Between 2000 and 2100: anything else is no time that AWS has told of. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/** A time as AWS writes it: ISO 8601, also with `+0000`, or RFC 1123; in ms since 1970. */
export const awsTime = z
  .string()
  .max(40)
  .transform((text) => Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')))
  .refine((ms) => ms >= EARLIEST_MS && ms <= LATEST_MS, 'expected a time such as 2026-11-26T10:00:00.000+0000');
