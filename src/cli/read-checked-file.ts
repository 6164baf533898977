import { readFile } from 'node:fs/promises';
import { WrongUsage } from './report-failure';

/** Reads a file and checks it. @throws WrongUsage naming the file, with why it cannot be read or all that is wrong in it */
export async function readCheckedFile<T>(file: string, parse: (text: string) => T): Promise<T> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new WrongUsage(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    return parse(text);
  } catch (error) {
    throw new WrongUsage(`${file}:\n${error instanceof Error ? error.message : String(error)}`);
  }
}
