import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readTrace, type Trace } from '../../simulation/planetlab/read-trace';

/** The day that a trace's file is called after: "20110303" for days/20110303.csv.gz. */
export const dayOf = (file: string): string => basename(file).replace(/\.csv(\.gz)?$/, '');

/**
 * A packed PlanetLab day, as text or in gzip.
 * @throws Error naming the file, and the line and field where they are wrong
 */
export async function readPlanetlabDay(file: string): Promise<Trace> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Error(`${file}: cannot be read: ${(error as Error).message}`);
  });
  try {
    return readTrace((isGzip(bytes) ? await promisify(gunzip)(bytes) : bytes).toString('utf8'));
  } catch (error) {
    // Its message is in this one: as a cause it would be the innermost failure, which is shown alone, without the file.
    // eslint-disable-next-line preserve-caught-error
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
