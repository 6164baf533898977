import { readFile } from 'node:fs/promises';
import { WrongUsage } from '../report-failure';

/** A request as JSON from a file, or from standard input where it is "-". @throws WrongUsage naming the file */
export async function readRequestFile(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file === '-' ? '/dev/stdin' : file, 'utf8')) as unknown;
  } catch (error) {
    throw new WrongUsage(`${file}: expected a file of JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
