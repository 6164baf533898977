import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One series to learn from. `entity` names the machine or site that it belongs to: all series of one go into the same fold. */
export interface TrainingSeries {
  readonly id: string;
  readonly family: string;
  readonly entity: string;
  readonly stepSeconds: number;
  /** Unix time of the first value; 0 where it is not known. */
  readonly startAtSeconds: number;
  readonly values: readonly (number | null)[];
}

interface ManifestEntry {
  readonly id: string;
  readonly family: string;
  readonly entity: string;
  readonly freq: number;
  readonly file: string;
}

/**
 * Reads the traces below a folder: `traces/manifest.json` with the CSV files (columns time, value; gzip) that it names, and `planetlab/*.csv.gz`, a machine's day
 * a line.
 */
export function readTraces(data: string): TrainingSeries[] {
  const traces = join(data, 'traces');
  const entries = JSON.parse(readFileSync(join(traces, 'manifest.json'), 'utf8')) as readonly ManifestEntry[];
  return entries.map(({ id, family, entity, freq, file }) => {
    const rows = gunzipSync(readFileSync(join(traces, file))).toString('utf8').trim().split('\n').slice(1);
    return { id, family, entity, stepSeconds: freq, startAtSeconds: Number(rows[0]?.split(',')[0]), values: rows.map((row) => toValue(row.split(',')[1] ?? '')) };
  });
}

/** The days of PlanetLab's machines. */
export function readPlanetLab(data: string): TrainingSeries[] {
  const folder = join(data, 'planetlab');
  const files = readdirSync(folder).filter((name) => name.endsWith('.csv.gz')).sort();
  return files.flatMap((file) => {
    const lines = gunzipSync(readFileSync(join(folder, file))).toString('latin1').trim().split('\n');
    return lines.map((line) => {
      const [machine = '', ...values] = line.split(',');
      return { id: `planetlab/${basename(file, '.csv.gz')}/${machine}`, family: 'planetlab', entity: `planetlab/${machine}`, stepSeconds: 300, startAtSeconds: 0, values: values.map(toValue) };
    });
  });
}

function toValue(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

/** The fold of an entity: the same in every run and on every machine. */
export function foldOf(entity: string, folds: number): number {
  return createHash('sha256').update(entity).digest().readUInt32BE(0) % folds;
}
