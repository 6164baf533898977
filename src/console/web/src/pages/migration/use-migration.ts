import { useEffect, useRef, useState } from 'react';
import type { AuditRecord } from '../../../../../contracts/audit';
import type { MigrationDetail, MigrationRow } from '../../../../console-api';
import { read, sentenceOf } from '../../api';

/** A measured sync lag, as it was told while the page was open. */
export interface LagSample {
  readonly atMs: number;
  readonly bytes: number;
}

export interface MigrationReading {
  readonly migration: MigrationRow | null;
  readonly records: readonly AuditRecord[];
  readonly lags: readonly LagSample[];
  readonly error: string | null;
}

const EVERY_MS = 2_000;
const KEPT_LAGS = 1_000;

/** A migration and its records: read whole once, then only what was written since. `version` changes when the live fleet says that the migration did. */
export function useMigration(instanceId: string, version: string): MigrationReading {
  const [reading, setReading] = useState<MigrationReading>({ migration: null, records: [], lags: [], error: null });
  const last = useRef(0);
  const busy = useRef(false);
  const running = reading.migration === null || reading.migration.endedAtMs === null;
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      if (busy.current) return;
      busy.current = true;
      try {
        const { migration, records } = await read<MigrationDetail>(`/api/migrations/${encodeURIComponent(instanceId)}?afterSeq=${last.current}`);
        if (!wanted) return;
        last.current = Math.max(last.current, ...records.map(({ seq }) => seq));
        setReading((before) => ({ migration, records: records.length === 0 ? before.records : [...before.records, ...records], lags: withLag(before.lags, migration), error: null }));
      } catch (error) {
        if (wanted) setReading((before) => ({ ...before, error: sentenceOf(error) }));
      } finally {
        busy.current = false;
      }
    };
    void ask();
    const timer = running ? setInterval(() => void ask(), EVERY_MS) : undefined;
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [instanceId, version, running]);
  return reading;
}

function withLag(lags: readonly LagSample[], { status }: MigrationRow): readonly LagSample[] {
  const bytes = status?.sync?.lagBytes ?? null;
  return bytes === null ? lags : [...lags.slice(-KEPT_LAGS), { atMs: Date.now(), bytes }];
}
