import { sql } from 'kysely';
import { ACCURACY_SCHEMA } from './accuracy-schema';
import { AUDIT_SCHEMA } from './audit-schema';
import { AUTONOMY_SCHEMA } from './autonomy-schema';
import { CALIBRATION_SCHEMA } from './calibration-schema';
import type { Database } from './database';
import { HISTORY_SCHEMA } from './history-schema';
import { ISOLATION_SCHEMA } from './isolation-schema';
import { MODEL_SCHEMA } from './model-schema';
import { NOTIFICATION_SCHEMA } from './notification-schema';
import { PLAN_SCHEMA } from './plan-schema';
import { PROFILE_SCHEMA } from './profile-schema';
import { TAG_SCHEMA } from './tag-schema';
import { TRIGGER_SCHEMA } from './trigger-schema';

const PARTS = [
  AUDIT_SCHEMA,
  ACCURACY_SCHEMA,
  AUTONOMY_SCHEMA,
  CALIBRATION_SCHEMA,
  HISTORY_SCHEMA,
  ISOLATION_SCHEMA,
  MODEL_SCHEMA,
  NOTIFICATION_SCHEMA,
  PLAN_SCHEMA,
  PROFILE_SCHEMA,
  TAG_SCHEMA,
  TRIGGER_SCHEMA,
];

/** Creates what is missing. Repeatable and safe beside another worker that starts at the same moment. */
export async function ensureSchema(db: Database): Promise<void> {
  await sql
    .raw(
      `
create table if not exists forecast (
  id text primary key,
  digest text not null,
  subject text not null,
  metric text not null,
  issued_at_ms bigint not null,
  horizon_ms bigint not null,
  body text not null
);
create index if not exists forecast_subject on forecast (subject, metric, issued_at_ms);
${PARTS.join('')}`,
    )
    .execute(db);
}
